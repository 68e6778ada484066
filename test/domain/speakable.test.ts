import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { speakableSentences } from '../../src/domain/speakable.ts';

const MOST_CHARACTERS = 1_000;

function said(text: string, locale = 'en'): readonly string[] {
  return speakableSentences(text, { locale, mostCharacters: MOST_CHARACTERS });
}

describe('what can be heard of a text', () => {
  it.each([
    ['**Bold**, *leaning*, __under__ and ~~struck~~ words', 'Bold, leaning, under and struck words'],
    ['a snake_case name and 2 * 3 * 4', 'a snake_case name and 2 * 3 * 4'],
    ['# A heading', 'A heading'],
    ['> quoted words', 'quoted words'],
    ['- one thing of a list', 'one thing of a list'],
    ['use `npm test` for that', 'use npm test for that'],
    ['before the code\n```ts\nconst a = 1;\n```', 'before the code. Here stands some code.'],
    ['before the code\n```ts\nconst a = 1;', 'before the code. Here stands some code.'],
    ['see [the manual](https://example.org/a?b=c) for more', 'see the manual for more'],
    ['see https://www.example.org/a/b?c=d.', 'see a link to example.org.'],
    ['see <https://example.org/a>', 'see a link to example.org'],
    ['ask <@123456789> or <@!123> or <@&5> in <#77>', 'ask a member or a member or a role in a channel'],
    ['type </ask me:123>', 'type ask me'],
    ['well done <a:party_parrot:123>', 'well done party parrot'],
    ['it ends <t:1700000000:R>', 'it ends a point in time'],
    ['the murderer is ||the gardener||', 'the murderer is something hidden'],
    ['not \\*bold\\*', 'not *bold*'],
    ['hurray 🎉🎉🎉', 'hurray 🎉'],
    ['look @everyone', 'look everyone'],
  ])('of %j is %j', (text, heard) => {
    expect(said(text)).toEqual([heard]);
  });

  it('is said in the language of the place', () => {
    expect(said('Смотри https://example.org', 'ru')).toEqual(['Смотри ссылка на example.org']);
  });

  it.each(['', '   ', '***', '---\n\n---', '||', '.', '`'])(
    'is nothing where %j has nothing to say',
    (text) => {
      expect(said(text)).toEqual([]);
    },
  );

  it('comes in sentences, the first of which is said first', () => {
    expect(said('This is the first sentence. And here is the second one! Is this a third one?')).toEqual([
      'This is the first sentence.',
      'And here is the second one!',
      'Is this a third one?',
    ]);
  });

  it('leaves no pause after an abbreviation', () => {
    expect(said('Dr. Smith said hello to all of them.')).toEqual(['Dr. Smith said hello to all of them.']);
  });

  it('takes a sentence without an end apart where one would breathe', () => {
    const clause = 'and on it went through the fields and over the hills, ';
    const parts = said(clause.repeat(15));
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts.slice(0, -1)) expect(part).toMatch(/hills,$/);
  });

  it('ends with a note where it is too long', () => {
    const parts = said('This is one of the many sentences. '.repeat(200));
    expect(parts.at(-1)).toBe('The rest can be read in the text.');
    expect(parts.join('').length).toBeLessThan(MOST_CHARACTERS + 100);
  });

  it('is soon found of a text of a megabyte', () => {
    for (const piece of ['a', '*', '||', '[', '<', '`', '_', 'https://', '🎉', '| ', '\\', '((', '> ']) {
      expect(said(piece.repeat(2 ** 20 / piece.length)).join('').length).toBeLessThan(2 * MOST_CHARACTERS);
    }
  });

  it('never is a long sentence or half a character, whatever is written', () => {
    const markup = fc.constantFrom(
      '```',
      '`',
      '**',
      '||',
      '<@1>',
      '[',
      '](',
      ')',
      '🎉',
      '<',
      'https://a.b',
      '\n',
      '. ',
    );
    const text = fc.array(fc.oneof(markup, fc.string({ unit: 'grapheme' }))).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom('en', 'ru-RU', 'de-12', 'x--', '*', ''), (written, locale) => {
        for (const sentence of said(written, locale)) {
          expect(sentence.length).toBeLessThanOrEqual(330);
          expect(sentence.trim()).not.toBe('');
          expect(sentence.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});
