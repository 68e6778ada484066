import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse, foldText } from '../../../../src/adapters/models/embedded/analysis.ts';

const words = (text: string) => analyse(text).map(({ word }) => word);
const stems = (text: string) => analyse(text).map(({ stem }) => stem);
const classes = (text: string) =>
  Object.fromEntries(analyse(text).map(({ word, wordClass }) => [word, wordClass]));

describe('the words of a question', () => {
  it.each([
    ['are lower case', 'Reset MY Password', ['reset', 'my', 'password']],
    ['have no punctuation', '«Cheers!», he said...', ['cheers', 'he', 'said']],
    ['have no Latin accents', 'un café très noir', ['un', 'cafe', 'tres', 'noir']],
    ['keep the letters of Cyrillic, but for ё', 'Чей ёж?', ['чей', 'еж']],
    ['are there once', 'very very good', ['very', 'good']],
    ['are freed of contractions', "who's there, I can't", ['who', 'there', 'i', 'can', 'not']],
    ['are joined where a hyphen makes one word of two', 'Wi-Fi and e-mail', ['wifi', 'and', 'email']],
    ['are parted at other hyphens', 'well-known', ['well', 'known']],
    ['keep numbers whole', 'version 1.20.4 at 10:30', ['version', '1.20.4', 'at', '10:30']],
    ['keep what names a language', 'C++ or C#', ['c++', 'or', 'c#']],
    ['may be an expression', 'How much is it to log in?', ['howmuch', 'is', 'it', 'to', 'login']],
    ['are pairs of characters where no spaces stand between them', '図書館', ['図書', '書館']],
    ['are none where there are no letters', '🙂 ?! …', []],
  ])('%s', (_, text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it('are compared by their stems in English and Russian', () => {
    expect(stems('renewing renewed')).toEqual(['renew']);
    expect(stems('written wrote')).toEqual(['write']);
    expect(stems('собаку собаке')).toEqual(['собак']);
  });

  it('are known by how much they say', () => {
    expect(classes('please how do I get a refund')).toEqual({
      please: 'filler',
      how: 'question',
      do: 'filler',
      i: 'filler',
      get: 'common',
      a: 'filler',
      refund: 'content',
    });
  });

  it('are names where a capital letter stands inside a sentence', () => {
    const names = (text: string) => analyse(text).flatMap(({ word, name }) => (name ? [word] : []));
    expect(names('Where is Paris? Somewhere in France, I think.')).toEqual(['paris', 'france']);
    expect(names('WHERE IS PARIS')).toEqual([]);
  });

  it('are looked for at the beginning and at the end of a long text', () => {
    const text = `first ${'between '.repeat(10_000)} last`;
    expect(words(text)).toEqual(expect.arrayContaining(['first', 'last']));
  });

  it('can be found in any text, and are the same in any Unicode form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(analyse(text.normalize('NFD'))).toEqual(analyse(text.normalize('NFC')));
      }),
    );
  });
});

describe('a folded text', () => {
  it('is the same whatever the case, the punctuation and the spacing', () => {
    expect(foldText('  DON’T   panic!!! ')).toBe(foldText("don't panic"));
  });
});
