import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { serialiseAppend, serialiseEvent } from '../../src/domain/event-content.ts';
import { LedgerError } from '../../src/domain/ledger.ts';
import { newEvent } from './appending.ts';

it.each<[unknown, string]>([
  [undefined, 'data is undefined'],
  [{ messages: [{ content: 'a' }, { content: Number.NaN }] }, 'data.messages[1].content is NaN'],
  [[[], [() => 1]], 'data[1][0] is a function'],
  [{ at: new Date(0) }, 'data.at is an instance of Date'],
  [{ deep: Object.create({}) }, 'data.deep is an instance of Object'],
  [{ text: '\ud800' }, 'data holds text that is not well-formed Unicode'],
])('says where and why something is not JSON-safe (%#)', (data, reason) => {
  expect(() => serialiseEvent({ ...newEvent(), data })).toThrow(
    new LedgerError({ kind: 'not_json', reason }),
  );
});

it('names the metadata where that is at fault', () => {
  expect(() => serialiseEvent({ ...newEvent(), metadata: { cost: 1n } })).toThrow(
    'metadata.cost is a bigint',
  );
});

it('takes the same object twice, as long as it does not contain itself', () => {
  const shared = { a: 1 };

  expect(serialiseEvent(newEvent([shared, shared])).data).toBe('[{"a":1},{"a":1}]');
});

it('gives up on what would be endless in size', () => {
  let value: unknown = 'x'.repeat(1_000);
  for (let level = 0; level < 60; level++) value = [value, value];

  expect(() => serialiseEvent(newEvent(value))).toThrow(/is over the limit/);
});

it('keeps ids in lower case and everything in its order', () => {
  const id = randomUUID();

  const [event] = serialiseAppend('training.local.answer-1', 'any', [
    { id: id.toUpperCase(), type: 'CorrectionGiven', data: { b: 1, a: -0 }, metadata: null },
  ]);

  expect(event).toEqual({ id, type: 'CorrectionGiven', data: '{"b":1,"a":0}', metadata: 'null' });
});
