import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitText } from '../../../../src/adapters/discord/rendering/split-text.ts';

const FENCE = '```';
const words = (count: number) => Array.from({ length: count }, (_, n) => `word${n}`).join(' ');
const graphemes = (text: string) =>
  Array.from(new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text), (one) => one.segment);
const letters = (text: string) => text.replaceAll(/\s/g, '');

describe('a long text', () => {
  it('stays whole where it fits, and is nothing where it is blank', () => {
    expect(splitText('x'.repeat(2_000))).toEqual(['x'.repeat(2_000)]);
    expect(splitText(' \n\n\t ')).toEqual([]);
    expect(splitText('')).toEqual([]);
    expect(splitText(' '.repeat(9_000))).toEqual([]);
  });

  it.each([
    ['paragraphs', `${words(20)}.\n\n${words(25)}`, [`${words(20)}.`, words(25)]],
    ['lines', `${words(20)}\n${words(25)}`, [words(20), words(25)]],
    ['sentences', `${words(15)} end. ${words(25)}`, [`${words(15)} end.`, words(25)]],
    ['words', words(40), [words(29), words(40).slice(words(29).length + 1)]],
  ])('is cut between %s', (_, text, parts) => {
    expect(splitText(text, 200)).toEqual(parts);
  });

  it('is cut between paragraphs rather than lines, and lines rather than sentences, unless that leaves little', () => {
    expect(splitText(`${'a'.repeat(100)}\n\n${'b'.repeat(50)}\n${'c'.repeat(100)}`, 200)[0]).toBe(
      'a'.repeat(100),
    );
    expect(splitText(`a\n\n${'b'.repeat(150)}\n${'c'.repeat(100)}`, 200)[0]).toBe(`a\n\n${'b'.repeat(150)}`);
  });

  it('never loses a surrogate, a joined emoji or an accent to a cut', () => {
    for (const character of ['👨‍👩‍👧‍👦', '🇺🇦', 'e\u0301', '👍🏽', '𝒳', 'क्षि']) {
      const text = character.repeat(4_000);
      const parts = splitText(text);
      expect(parts.join('')).toBe(text);
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(2_000);
        expect(new Set(graphemes(part))).toEqual(new Set(graphemes(character.repeat(2))));
      }
    }
  });

  it('is cut within a character that is longer than a message, but not within a surrogate pair', () => {
    const text = `a${'\u0301'.repeat(5_000)}${'\u{1d185}'.repeat(3_000)}`;
    const parts = splitText(text);
    expect(parts.join('')).toBe(text);
    for (const part of parts) expect([part.length <= 2_000, part.isWellFormed()]).toEqual([true, true]);
  });
});

describe('a block of code', () => {
  const line = (n: number) => `const line${n} = ${n};`;
  const code = (count: number) => Array.from({ length: count }, (_, n) => line(n)).join('\n');

  it('is closed where it is cut and opened again in its language, between lines', () => {
    const parts = splitText(`Look:\n\n${FENCE}ts\n${code(200)}\n${FENCE}\nDone.`, 500);
    expect(parts.length).toBeGreaterThan(5);
    const [first = '', ...others] = parts;
    expect(first).toMatch(/^Look:\n\n```ts\nconst line0 = 0;\n[^`]*;\n```$/);
    for (const part of others.slice(0, -1)) expect(part).toMatch(/^```ts\nconst [^`]*;\n```$/);
    expect(others.at(-1)).toMatch(/^```ts\nconst [^`]*\n```\nDone\.$/);
    const kept = parts.flatMap((part) => part.split('\n').filter((one) => one.startsWith('const')));
    expect(kept).toEqual(code(200).split('\n'));
  });

  it('begins in the next part where it fits there whole', () => {
    const text = words(20);
    const block = `${FENCE}js\n${code(6)}\n${FENCE}`;
    expect(splitText(`${text}\n${block}`, 200)).toEqual([text, block]);
  });

  it('leaves no empty block behind, wherever the limit falls', () => {
    for (let before = 0; before < 120; before++) {
      const text = `${'x'.repeat(before)}\n${FENCE}ts\n${code(8)}\n${FENCE}\n${words(20)}`;
      const parts = splitText(text, 120);
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(120);
        expect(part).not.toMatch(/```(ts\n)?\s*```/);
        expect((part.match(/```/g) ?? []).length % 2).toBe(0);
      }
    }
  });

  it('is done with where the cut falls on its end', () => {
    const text = `${FENCE}ts\n${'x'.repeat(80)}\n${FENCE} ${'y'.repeat(90)}`;
    expect(splitText(text, 100)).toEqual([`${FENCE}ts\n${'x'.repeat(80)}\n${FENCE}`, 'y'.repeat(90)]);
  });

  it('is none where it is never closed', () => {
    const text = `${FENCE}ts\n${words(60)}`;
    expect(splitText(text, 200).join(' ').replaceAll(/\s+/g, ' ')).toBe(text.replaceAll(/\s+/g, ' '));
  });
});

describe('any text', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom(
      FENCE,
      `${FENCE}js\n`,
      '\n',
      '\n\n',
      ' ',
      '. ',
      '`',
      '``',
      '👨‍👩‍👧‍👦',
      '😀'.repeat(30),
      'x'.repeat(90),
    ),
  );
  const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

  it('comes out whole, in parts that fit, none of them blank', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 60, max: 300 }), (whole, limit) => {
        const parts = splitText(whole, limit);
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(limit);
          expect(part.trim()).not.toBe('');
        }
        if (!whole.includes(FENCE)) expect(letters(parts.join(''))).toBe(letters(whole));
        else {
          const without = (one: string) => letters(one).replaceAll(/`{3,}(js)?|`/g, '');
          expect(without(parts.join(''))).toBe(without(whole));
        }
      }),
      { numRuns: 500 },
    );
  });
});
