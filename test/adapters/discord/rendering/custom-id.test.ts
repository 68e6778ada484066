import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  customIdOf,
  MAX_CUSTOM_ID,
  parseCustomId,
} from '../../../../src/adapters/discord/rendering/custom-id.ts';
import type { Action } from '../../../../src/domain/surface.ts';

type Does = Pick<Action, 'kind' | 'request'>;

const sha256 = createHash('sha256').update('dataset').digest('hex');
const uuid = randomUUID();

function does(kind: Action['kind'], command: string, options: Record<string, string> = {}): Does {
  return { kind, request: { command, options } };
}

describe('what a button asks for', () => {
  test.each([
    ['a rating', does('run', 'feedback', { answer: uuid, text: '+' })],
    ['a correction', does('form', 'correct', { answer: uuid })],
    ['a model', does('run', 'promote', { model: `embedded-${sha256}` })],
    [
      'a page of the history of a dataset',
      does('turn', 'history', { id: sha256, before: uuid, limit: '10' }),
    ],
    ['a page of a dataset', does('turn', 'dataset', { dataset: sha256, after: '123', limit: '100' })],
    ['a decision', does('run', 'review', { correction: uuid, decision: 'approve' })],
    ['nothing more than a command', does('turn', 'history')],
    ['a text with signs of its own', does('run', 'feedback', { text: 'a:b=c~d^e%3A да 👍' })],
  ])('fits into its custom id: %s', (_, action) => {
    const customId = customIdOf(action);
    expect(customId).not.toBeNull();
    expect(customId?.length).toBeLessThanOrEqual(MAX_CUSTOM_ID);
    expect(customId).toMatch(/^[!-~]+$/);
    expect(parseCustomId(customId ?? '')).toEqual(action);
  });

  test('is read as it was written, or was not written at all', () => {
    const hashes = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString('hex'));
    const values = fc.oneof(
      fc.uuid(),
      hashes,
      hashes.map((hash) => `embedded-${hash}`),
      fc.string({ unit: 'binary', maxLength: 30 }),
    );
    const actions = fc.record({
      kind: fc.constantFrom('run', 'form', 'turn'),
      request: fc.record({
        command: fc.constantFrom('history', 'feedback', 'select_dataset'),
        options: fc.dictionary(fc.constantFrom('answer', 'text', 'before', 'limit'), values, {
          maxKeys: 3,
          noNullPrototype: true,
        }),
      }),
    });
    let written = 0;
    fc.assert(
      fc.property(actions, (action) => {
        const customId = customIdOf(action);
        if (customId === null) return;
        written += 1;
        expect(customId.length).toBeLessThanOrEqual(MAX_CUSTOM_ID);
        expect(parseCustomId(customId)).toEqual(action);
      }),
    );
    expect(written).toBeGreaterThan(10);
  });

  test('is given up where it does not fit, and never cut', () => {
    expect(customIdOf(does('run', 'feedback', { answer: uuid, text: 'x'.repeat(80) }))).toBeNull();
    expect(customIdOf(does('run', 'diff', { from: sha256, to: sha256 }))).toBeNull();
  });

  test('is given up where Discord could not carry it to the letter', () => {
    expect(customIdOf(does('run', 'feedback', { text: '\ud83d' }))).toBeNull();
    expect(customIdOf(does('run', 'No command', {}))).toBeNull();
    expect(customIdOf(does('run', 'feedback', { 'no option': 'x' }))).toBeNull();
  });
});

describe('what others made up', () => {
  const good = customIdOf(does('form', 'correct', { answer: uuid })) ?? '';

  test.each([
    ['empty', ''],
    ['of another bot', 'promote:1'],
    ['of another version', good.replace(/^1/, '2')],
    ['of no kind', good.replace(/^1f/, '1x')],
    ['a form that was handed in', good.replace(/^1f/, '1s')],
    ['without a command', '1r'],
    ['with a command that is none', '1rDrop Table'],
    ['an id that is cut off', good.slice(0, -3)],
    ['an id with signs that mean nothing', `${good.slice(0, -1)}!`],
    ['an id written in a second way', good.replace(/.$/, (last) => (last === 'B' ? 'C' : 'B'))],
    ['an option twice', '1rfeedback:text=a:text=b'],
    ['an option without a value', '1rfeedback:text'],
    ['an option without a name', '1rfeedback:=a'],
    ['an option of everything', '1rfeedback:__proto__=a'],
    ['broken escapes', '1rfeedback:text=%E0%A4%A'],
    ['superfluous escapes', '1rfeedback:text=%61'],
  ])('is not read: %s', (_, customId) => {
    expect(parseCustomId(customId)).toBeNull();
  });

  test('never makes it fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (noise) => {
        for (const customId of [noise, `1r${noise}`, `1rfeedback:${noise}`, `1rfeedback:text~${noise}`]) {
          const read = parseCustomId(customId);
          if (read !== null) expect(customIdOf(read)).toBe(customId);
        }
      }),
    );
  });
});
