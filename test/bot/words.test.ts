import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerpt, shownBytes, shownTime } from '../../src/bot/words.ts';
import { languages } from '../../src/domain/languages/languages.ts';

const family = '👩‍👩‍👧‍👦';
const piled = (accents: number) => `e${'\u0301'.repeat(accents)}`;
const accented = piled(3);

describe('an excerpt', () => {
  it.each([
    ['', 80, ''],
    ['short', 80, 'short'],
    ['  two\n\t lines \u00a0 ', 80, 'two lines'],
    ['abcd', 4, 'abcd'],
    ['abcde', 4, 'abcd…'],
    [family.repeat(2), 2, family.repeat(2)],
    [family.repeat(9), 2, `${family.repeat(2)}…`],
    [accented.repeat(9), 4, `${accented.repeat(4)}…`],
    ['שלום עולם', 4, 'שלום…'],
    [`${' '.repeat(100)}a  b${' '.repeat(100)}`, 4, 'a b'],
    [`a${' '.repeat(200)}b`, 4, 'a…'],
    [piled(40).repeat(9), 2, `${piled(40)}…`],
    [piled(1_000), 4, '…'],
  ])('of %j in %i characters is %j', (text, length, shown) => {
    expect(excerpt(text, length)).toBe(shown);
  });

  it('is one line of whole characters, no more than asked for, and says when something is missing', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '\n', family, accented, '😀', 'שׁ', 'क्षि', '🇨🇭'),
    });
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const charactersOf = (line: string) => Array.from(segmenter.segment(line), ({ segment }) => segment);
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 12 }), (written, length) => {
        const shown = excerpt(written, length);
        const line = written.replace(/\s+/g, ' ').trim();
        const kept = shown === line ? shown : shown.slice(0, -1);
        expect(shown === line || shown.endsWith('…')).toBe(true);
        const characters = charactersOf(kept);
        expect(characters).toEqual(charactersOf(line).slice(0, characters.length));
        expect(characters.length).toBeLessThanOrEqual(length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('in words', () => {
  it.each([
    [shownTime('2026-11-20T15:04:05.678Z'), '2026-11-20 15:04:05 UTC'],
    [shownBytes(0, languages.en), '0 bytes'],
    [shownBytes(1, languages.en), '1 byte'],
    [shownBytes(1_023, languages.en), '1023 bytes'],
    [shownBytes(1_024, languages.en), '1.0 KiB'],
    [shownBytes(1_536, languages.en), '1.5 KiB'],
    [shownBytes(2 ** 20, languages.en), '1.0 MiB'],
    [shownBytes(2 ** 30, languages.en), '1.0 GiB'],
    [shownBytes(2 ** 42, languages.en), '4.0 TiB'],
    [shownBytes(2 ** 53, languages.en), '8192.0 TiB'],
  ])('%s', (words, expected) => {
    expect(words).toBe(expected);
  });
});
