import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../src/domain/events.ts';
import {
  type Delivery,
  type ExpectedRevision,
  type Ledger,
  LedgerError,
  MAX_EVENT_BYTES,
  type NewEvent,
} from '../../src/domain/ledger.ts';
import { appendMany, newEvent, newStream, outcomeOf, readAll, readStream } from './appending.ts';

/** A store for one test, empty at first as far as our streams go. */
export interface LedgerStore {
  /** Opens the ledger that the store holds; the ledgers opened before are closed. */
  open(): Promise<Ledger>;
  /** For a store outside of this process: makes it unreachable, and reachable again. */
  readonly outage?: { begin(): Promise<void>; end(): Promise<void> };
  remove(): Promise<void>;
}

/** What every adapter of the Ledger interface promises. */
export function ledgerContract(name: string, createStore: () => Promise<LedgerStore>): void {
  describe(`${name} as a ledger`, () => {
    let store: LedgerStore;
    let ledger: Ledger;

    /** A store for each test, or one for all of them where they do not look at the whole ledger. */
    function useStore(
      before: typeof beforeEach | typeof beforeAll,
      after: typeof afterEach | typeof afterAll,
    ) {
      before(async () => {
        store = await createStore();
        ledger = await store.open();
      });
      after(async () => {
        await ledger.close();
        await store.remove();
      });
    }

    async function reopen(): Promise<void> {
      await ledger.close();
      ledger = await store.open();
    }

    describe('appending', () => {
      useStore(beforeAll, afterAll);

      it('answers with the revision and the position of the last event', async () => {
        const stream = newStream();

        const first = await ledger.append(stream, 'no_stream', [newEvent()]);
        const second = await ledger.append(stream, 0, [newEvent(), newEvent(), newEvent()]);

        expect(first.revision).toBe(0);
        expect(second.revision).toBe(3);
        expect(await ledger.head()).toBe(second.position);
        const stored = await readStream(ledger, stream);
        expect(stored.map(({ revision }) => revision)).toEqual([0, 1, 2, 3]);
        expect(stored.at(0)?.position).toBe(first.position);
        expect(stored.at(3)?.position).toBe(second.position);
      });

      it.each<[ExpectedRevision, boolean]>([
        ['no_stream', true],
        ['any', true],
        ['stream_exists', false],
        [0, false],
        [7, false],
      ])('goes through to a stream that does not exist, expecting %s: %s', async (expected, goesThrough) => {
        const stream = newStream();

        const outcome = await outcomeOf(ledger.append(stream, expected, [newEvent()]));

        expect(outcome).toEqual(
          goesThrough
            ? { revision: 0, position: await ledger.head() }
            : { kind: 'conflict', stream, actual: 'no_stream' },
        );
        expect(await readStream(ledger, stream)).toHaveLength(goesThrough ? 1 : 0);
      });

      it.each<[ExpectedRevision, boolean]>([
        [1, true],
        ['any', true],
        ['stream_exists', true],
        ['no_stream', false],
        [0, false],
        [2, false],
      ])('goes through to a stream at revision 1, expecting %s: %s', async (expected, goesThrough) => {
        const stream = newStream();
        await ledger.append(stream, 'no_stream', [newEvent(), newEvent()]);

        const outcome = await outcomeOf(ledger.append(stream, expected, [newEvent()]));

        expect(outcome).toEqual(
          goesThrough
            ? { revision: 2, position: await ledger.head() }
            : { kind: 'conflict', stream, actual: 1 },
        );
        expect(await readStream(ledger, stream)).toHaveLength(goesThrough ? 3 : 2);
      });

      it('lets one of many at the same revision through and tells the others where the stream is', async () => {
        const stream = newStream();
        await ledger.append(stream, 'no_stream', [newEvent()]);

        const outcomes = await Promise.all(
          Array.from({ length: 20 }, () => outcomeOf(ledger.append(stream, 0, [newEvent()]))),
        );

        expect(outcomes.filter((outcome) => 'position' in outcome)).toHaveLength(1);
        expect(outcomes.filter((outcome) => 'kind' in outcome)).toEqual(
          Array.from({ length: 19 }, () => ({ kind: 'conflict', stream, actual: 1 })),
        );
        expect(await readStream(ledger, stream)).toHaveLength(2);
      });
    });

    describe('many appends', () => {
      useStore(beforeEach, afterEach);

      it('keeps what goes wrong with one append from its neighbours', async () => {
        const contested = newStream();
        await ledger.append(contested, 'no_stream', [newEvent()]);
        const appends = Array.from({ length: 120 }, (_, index) => {
          if (index % 4 === 1) return ledger.append(contested, 'no_stream', [newEvent()]);
          if (index % 4 === 2) return ledger.append(newStream(), 'any', [newEvent({ broken: Number.NaN })]);
          if (index % 4 === 3) return ledger.append(newStream(), 'any', [newEvent(tooLarge())]);
          return ledger.append(newStream(), 'no_stream', [newEvent(), newEvent()]);
        });

        const outcomes = await Promise.all(appends.map(outcomeOf));

        const kinds = outcomes.slice(0, 4).map((outcome) => ('kind' in outcome ? outcome.kind : 'appended'));
        expect(kinds).toEqual(['appended', 'conflict', 'not_json', 'too_large']);
        expect(outcomes.filter((outcome) => 'position' in outcome)).toHaveLength(30);
        expect(await readAll(ledger)).toHaveLength(1 + 30 * 2);
      });

      it('writes all of the events of an append or none, and those of one append next to each other', async () => {
        const streams = Array.from({ length: 30 }, newStream);

        await Promise.all(
          streams.map((stream) => ledger.append(stream, 'no_stream', [newEvent(), newEvent(), newEvent()])),
        );

        const order = (await readAll(ledger)).map(({ stream, revision }) => `${stream} ${revision}`);
        const expected = streams.flatMap((stream) => [0, 1, 2].map((revision) => `${stream} ${revision}`));
        expect([...order].sort()).toEqual([...expected].sort());
        for (const stream of streams) {
          const start = order.indexOf(`${stream} 0`);
          expect(order.slice(start, start + 3)).toEqual([`${stream} 0`, `${stream} 1`, `${stream} 2`]);
        }
      });

      it('still holds everything acknowledged after it is closed and opened', async () => {
        const stream = newStream();
        const appended = await ledger.append(stream, 'no_stream', [newEvent(), newEvent()]);
        const before = await readAll(ledger);

        await reopen();

        expect(await readAll(ledger)).toEqual(before);
        expect(await ledger.head()).toBe(appended.position);
        expect(await outcomeOf(ledger.append(stream, 'no_stream', [newEvent()]))).toEqual({
          kind: 'conflict',
          stream,
          actual: 1,
        });
        expect((await ledger.append(stream, 1, [newEvent()])).revision).toBe(2);
      });

      it('refuses a caller that makes no sense', async () => {
        const event = newEvent();
        await expect(ledger.append(newStream(), 'any', [])).rejects.toThrow(TypeError);
        await expect(ledger.append('', 'any', [event])).rejects.toThrow(TypeError);
        await expect(ledger.append(`${newStream()}\n`, 'any', [event])).rejects.toThrow(TypeError);
        await expect(ledger.append(newStream(), -1, [event])).rejects.toThrow(TypeError);
        await expect(ledger.append(newStream(), 0.5, [event])).rejects.toThrow(TypeError);
        await expect(ledger.append(newStream(), 'any', [event, event])).rejects.toThrow(TypeError);
        await expect(ledger.append(newStream(), 'any', [{ ...event, id: '42' }])).rejects.toThrow(TypeError);
        await expect(ledger.append(newStream(), 'any', [{ ...event, type: '' }])).rejects.toThrow(TypeError);
        expect(await readAll(ledger)).toEqual([]);
      });

      it('fails once it is closed, having written nothing', async () => {
        await ledger.close();

        expect(await outcomeOf(ledger.append(newStream(), 'any', [newEvent()]))).toMatchObject({
          kind: 'unavailable',
          written: 'no',
        });
      });
    });

    describe('appending again', () => {
      useStore(beforeAll, afterAll);

      it.each<[ExpectedRevision]>([[1], ['any'], ['stream_exists']])(
        'gives the first answer for the same events, expecting %s, and writes nothing',
        async (expected) => {
          const stream = newStream();
          await ledger.append(stream, 'no_stream', [newEvent(), newEvent()]);
          const events = [newEvent(), newEvent()];

          const first = await ledger.append(stream, expected, events);
          expect(await ledger.append(stream, expected, events)).toEqual(first);
          await ledger.append(stream, first.revision, [newEvent()]);
          expect(await ledger.append(stream, expected, events)).toEqual(first);
          await reopen();
          expect(await ledger.append(stream, expected, events)).toEqual(first);

          expect(await readStream(ledger, stream)).toHaveLength(5);
        },
      );

      it.each<[ExpectedRevision]>([['no_stream'], ['any']])(
        'gives the first answer for the events that began a stream, expecting %s',
        async (expected) => {
          const stream = newStream();
          const events = [newEvent(), newEvent()];

          const first = await ledger.append(stream, expected, events);
          await ledger.append(stream, 1, [newEvent()]);

          expect(await ledger.append(stream, expected, events)).toEqual(first);
          expect(await readStream(ledger, stream)).toHaveLength(3);
        },
      );

      it('gives all of them the same answer where they come at the same time', async () => {
        const stream = newStream();
        const events = [newEvent(), newEvent()];

        const appended = await Promise.all(
          Array.from({ length: 10 }, () => ledger.append(stream, 'no_stream', events)),
        );

        expect(new Set(appended.map((each) => JSON.stringify(each))).size).toBe(1);
        expect(await readStream(ledger, stream)).toHaveLength(2);
      });

      it('keeps what was written first', async () => {
        const stream = newStream();
        const event = newEvent({ said: 'first' });

        await ledger.append(stream, 'no_stream', [event]);
        await ledger.append(stream, 'no_stream', [{ ...event, data: { said: 'second' } }]);

        expect((await readStream(ledger, stream)).map(({ data }) => data)).toEqual([{ said: 'first' }]);
      });

      it.each<[ExpectedRevision]>([['no_stream'], ['any']])(
        'is a conflict where only some of the events are there, expecting %s',
        async (expected) => {
          const stream = newStream();
          const events = [newEvent(), newEvent()];
          await ledger.append(stream, expected, events);

          const outcome = await outcomeOf(ledger.append(stream, expected, [...events, newEvent()]));

          expect(outcome).toEqual({ kind: 'conflict', stream, actual: 1 });
          expect(await readStream(ledger, stream)).toHaveLength(2);
        },
      );

      it('is a conflict at another revision than the first time', async () => {
        const stream = newStream();
        const event = newEvent();
        await ledger.append(stream, 'no_stream', [newEvent(), event, newEvent()]);

        expect(await outcomeOf(ledger.append(stream, 'no_stream', [event]))).toEqual({
          kind: 'conflict',
          stream,
          actual: 2,
        });
      });
    });

    describe('what an event holds', () => {
      useStore(beforeAll, afterAll);

      it('comes back equal, whatever JSON it is', async () => {
        const stream = newStream();
        let revision: ExpectedRevision = 'no_stream';
        await fc.assert(
          fc.asyncProperty(jsonValue, jsonValue, async (data, metadata) => {
            // JSON.parse of Node 24.21 itself takes the key U+0000 for a backslash after certain other values.
            fc.pre([data, metadata].every(survivesTheEngine));
            const event = { ...newEvent(), data, metadata };
            ({ revision } = await ledger.append(stream, revision, [event]));
            const [stored] = await readStream(ledger, stream, { from: revision });
            expect(stored).toMatchObject({ id: event.id, type: event.type, stream, revision });
            expect(stored?.data).toStrictEqual(data);
            expect(stored?.metadata).toStrictEqual(metadata);
          }),
          { numRuns: 60 },
        );
      });

      it.each([
        ['a NUL byte', 'before\0after'],
        ['line ends of every kind', 'a\nb\r\nc\u2028d\u2029e\u0085f'],
        ['right-to-left and combining characters', 'שלום עולם e\u0301\u0323 \u202eevil\u202c'],
        ['characters beyond the basic plane', '👩‍👩‍👧‍👦 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \u{10ffff}'],
        ['what looks like an escape', '\\ud800 \\u0000 \\n "quoted" \\'],
        ['a byte order mark', '\ufefftext\ufeff'],
      ])('keeps %s to the letter', async (_, text) => {
        const stream = newStream();

        await ledger.append(stream, 'no_stream', [newEvent({ text })]);

        expect((await readStream(ledger, stream))[0]?.data).toEqual({ text });
      });

      it.each([
        ['one byte a character', 'x'],
        ['two bytes a character', 'é'],
        ['three bytes a character', '語'],
        ['four bytes a character', '🜂'],
      ])('may take up to the limit and no byte more, at %s', async (_, character) => {
        const stream = newStream();
        const frame = Buffer.byteLength(JSON.stringify({ text: '' })) + Buffer.byteLength('{}');
        const room = MAX_EVENT_BYTES - frame;
        const count = Math.floor(room / Buffer.byteLength(character));
        const text = character
          .repeat(count)
          .padEnd(character.length * count + (room % Buffer.byteLength(character)));

        await ledger.append(stream, 'no_stream', [{ ...newEvent({ text }), metadata: {} }]);
        const over = { ...newEvent({ text: `${text}x` }), metadata: {} };
        const outcome = await outcomeOf(ledger.append(stream, 0, [over]));

        expect(outcome).toEqual({ kind: 'too_large', bytes: MAX_EVENT_BYTES + 1 });
        expect((await readStream(ledger, stream)).map(({ data }) => data)).toEqual([{ text }]);
      });

      it.each<[string, unknown]>([
        ['undefined', undefined],
        ['an undefined property', { a: undefined }],
        ['a hole in an array', new Array(3)],
        ['NaN', { a: [Number.NaN] }],
        ['infinity', Number.NEGATIVE_INFINITY],
        ['a BigInt', { a: 1n }],
        ['a function', { a: () => 1 }],
        ['a symbol', [Symbol('a')]],
        ['a date', { a: new Date(0) }],
        ['a map', new Map([['a', 1]])],
        ['an instance of a class', { a: new URL('https://example.org') }],
        ['a byte array', new Uint8Array(2)],
        ['a lone surrogate', { a: 'broken \ud83d' }],
        ['a lone surrogate as a key', { '\udc00': 1 }],
        ['something that contains itself', containingItself()],
        ['endless depth', nested(100_000)],
      ])('must be JSON-safe, which %s is not', async (_, data) => {
        const stream = newStream();

        const inData = await outcomeOf(ledger.append(stream, 'any', [{ ...newEvent(), data }]));
        const inMetadata = await outcomeOf(
          ledger.append(stream, 'any', [newEvent(), { ...newEvent(), metadata: data }]),
        );

        expect(inData).toMatchObject({ kind: 'not_json' });
        expect(inMetadata).toMatchObject({ kind: 'not_json' });
        expect(await readStream(ledger, stream)).toEqual([]);
      });
    });

    describe('reading a stream', () => {
      useStore(beforeAll, afterAll);

      it('starts at a revision, ends after so many, and knows nothing of other streams', async () => {
        const [stream, other] = [newStream(), newStream()];
        for (const name of [stream, other]) {
          await ledger.append(name, 'no_stream', [newEvent(), newEvent(), newEvent(), newEvent()]);
        }
        const revisions = async (options?: { from?: number; limit?: number }) =>
          (await readStream(ledger, stream, options)).map(({ revision }) => revision);

        expect(await revisions()).toEqual([0, 1, 2, 3]);
        expect(await revisions({ from: 2 })).toEqual([2, 3]);
        expect(await revisions({ limit: 2 })).toEqual([0, 1]);
        expect(await revisions({ from: 1, limit: 2 })).toEqual([1, 2]);
        expect(await revisions({ from: 3, limit: 5 })).toEqual([3]);
        expect(await revisions({ from: 4 })).toEqual([]);
        expect(await revisions({ limit: 0 })).toEqual([]);
      });

      it('gives nothing where there is no such stream', async () => {
        expect(await readStream(ledger, newStream())).toEqual([]);
      });

      it('reads one that is longer than any page', async () => {
        const stream = newStream();
        const ids = await appendMany(ledger, stream, 2_345);

        expect((await readStream(ledger, stream)).map(({ id }) => id)).toEqual(ids);
      });
    });

    describe('reading all', () => {
      useStore(beforeEach, afterEach);

      it('goes through every stream in the order in which things happened', async () => {
        const [a, b] = [newStream(), newStream()];
        const appended = [
          await ledger.append(a, 'no_stream', [newEvent()]),
          await ledger.append(b, 'no_stream', [newEvent()]),
          await ledger.append(a, 0, [newEvent()]),
          await ledger.append(b, 0, [newEvent()]),
        ];

        const all = await readAll(ledger);

        expect(all.map(({ stream, revision }) => [stream, revision])).toEqual([
          [a, 0],
          [b, 0],
          [a, 1],
          [b, 1],
        ]);
        expect(all.map(({ position }) => position)).toEqual(appended.map(({ position }) => position));
      });

      it('gives positions that strictly increase and can be compared', async () => {
        await appendMany(ledger, newStream(), 250);

        const positions = (await readAll(ledger)).map(({ position }) => position);

        for (const [index, position] of positions.entries()) {
          const next = positions[index + 1];
          expect(ledger.compare(position, position)).toBe(0);
          if (next === undefined) continue;
          expect(ledger.compare(position, next)).toBeLessThan(0);
          expect(ledger.compare(next, position)).toBeGreaterThan(0);
        }
      });

      it('starts after a position and ends with one', async () => {
        await appendMany(ledger, newStream(), 6);
        const all = await readAll(ledger);
        const positionOf = (index: number) => all[index]?.position ?? null;

        expect(await readAll(ledger, { after: positionOf(1) })).toEqual(all.slice(2));
        expect(await readAll(ledger, { through: positionOf(3) })).toEqual(all.slice(0, 4));
        expect(await readAll(ledger, { after: positionOf(1), through: positionOf(3) })).toEqual(
          all.slice(2, 4),
        );
        expect(await readAll(ledger, { after: positionOf(5) })).toEqual([]);
        expect(await readAll(ledger, { after: positionOf(3), through: positionOf(3) })).toEqual([]);
      });

      it('gives nothing, and has no head, where there is nothing', async () => {
        expect(await readAll(ledger)).toEqual([]);
        expect(await ledger.head()).toBeNull();
      });

      it('reads further than any page', async () => {
        const ids = await appendMany(ledger, newStream(), 2_345);

        expect((await readAll(ledger)).map(({ id }) => id)).toEqual(ids);
      });

      it('stops with the reason of its signal', async () => {
        await appendMany(ledger, newStream(), 10);
        const controller = new AbortController();
        const read: string[] = [];

        const reading = (async () => {
          for await (const event of ledger.readAll({ signal: controller.signal })) {
            read.push(event.id);
            if (read.length === 3) controller.abort(new Error('enough'));
          }
        })();

        await expect(reading).rejects.toThrow('enough');
        expect(read).toHaveLength(3);
      });
    });

    describe('a subscription', () => {
      useStore(beforeEach, afterEach);

      it('delivers what is there, says that it caught up, and goes on with what happens', async () => {
        const stream = newStream();
        const before = await appendMany(ledger, stream, 3);
        const subscription = ledger.subscribe({})[Symbol.asyncIterator]();

        const backlog = await takeFrom(subscription, 4, isNews);
        const later = await appendMany(ledger, stream, 2, 2);
        const live = await takeFrom(subscription, 2, isEvent);
        await subscription.return?.();

        expect(backlog.map(idOf)).toEqual([...before, 'caughtUp']);
        expect(live.map(idOf)).toEqual(later);
      });

      it('says that it caught up where there is nothing', async () => {
        const [first] = await take(ledger.subscribe({}), 1, isNews);

        expect(first).toEqual({ kind: 'caughtUp' });
      });

      it('is woken by what is appended while it waits', async () => {
        const subscription = ledger.subscribe({})[Symbol.asyncIterator]();
        await takeFrom(subscription, 1, isNews);
        const coming = takeFrom(subscription, 1, isEvent);
        const event = newEvent();

        await ledger.append(newStream(), 'no_stream', [event]);

        expect((await coming).map(idOf)).toEqual([event.id]);
        await subscription.return?.();
      });

      it('goes on from any position without losing or repeating an event', async () => {
        const ids = await appendMany(ledger, newStream(), 12);
        const all = await readAll(ledger);

        for (const [index, { position }] of all.entries()) {
          const rest = await take(ledger.subscribe({ after: position }), ids.length - index, isNews);
          expect(rest.map(idOf)).toEqual([...ids.slice(index + 1), 'caughtUp']);
        }
      });

      it('delivers every event exactly once and in order while many are appended', async () => {
        const controller = new AbortController();
        const seen: StoredEvent[] = [];
        const following = (async () => {
          for await (const delivery of ledger.subscribe({ signal: controller.signal })) {
            if (delivery.kind === 'event') seen.push(delivery.event);
            if (seen.length === 1_500) break;
          }
        })();

        await Promise.all(Array.from({ length: 15 }, () => appendMany(ledger, newStream(), 100)));
        await following;

        expect(seen).toEqual(await readAll(ledger));
      });

      it('leaves others alone', async () => {
        const ids = await appendMany(ledger, newStream(), 5);
        const slow = ledger.subscribe({})[Symbol.asyncIterator]();
        await slow.next();

        const fast = await take(ledger.subscribe({}), 6, isNews);

        expect(fast.map(idOf)).toEqual([...ids, 'caughtUp']);
        await slow.return?.();
      });

      it('ends when its signal fires, also while it waits', async () => {
        const controller = new AbortController();
        const seen: string[] = [];

        for await (const delivery of ledger.subscribe({ signal: controller.signal })) {
          seen.push(delivery.kind);
          if (delivery.kind === 'caughtUp') setImmediate(() => controller.abort());
        }

        expect(seen.at(-1)).toBe('caughtUp');
        expect(await take(ledger.subscribe({ signal: controller.signal }), 1, isNews)).toEqual([]);
      });

      it('ends when the ledger is closed', async () => {
        const following = take(ledger.subscribe({}), 2, isNews);
        await ledger.append(newStream(), 'no_stream', [newEvent()]);
        const waiting = (async () => {
          for await (const _ of ledger.subscribe({}));
        })();
        await following;

        await ledger.close();

        await expect(waiting).resolves.toBeUndefined();
      });
    });

    describe('an outage of the store', () => {
      useStore(beforeEach, afterEach);

      it('goes on after the store went away and came back', async ({ skip }) => {
        const { outage } = store;
        if (outage === undefined) return skip('the store is a file of this process');
        const stream = newStream();
        const before = await appendMany(ledger, stream, 2);
        const following = take(ledger.subscribe({}), 4, isEvent);

        await outage.begin();
        const during = newEvent();
        const failed = await outcomeOf(ledger.append(stream, 1, [during]));
        await outage.end();
        const after = newEvent();
        await appendUntilDone(ledger, stream, 1, [during]);
        await appendUntilDone(ledger, stream, 2, [after]);

        expect(failed).toMatchObject({ kind: 'unavailable' });
        expect((await following).map(idOf)).toEqual([...before, during.id, after.id]);
      });
    });
  });
}

async function appendUntilDone(
  ledger: Ledger,
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<void> {
  for (;;) {
    const outcome = await outcomeOf(ledger.append(stream, expected, events));
    if ('position' in outcome) return;
    if (outcome.kind !== 'unavailable') throw new LedgerError(outcome);
  }
}

function isNews(delivery: Delivery): boolean {
  return delivery.kind !== 'checkpoint';
}

function idOf(delivery: Delivery): string {
  return delivery.kind === 'event' ? delivery.event.id : delivery.kind;
}

function isEvent(delivery: Delivery): boolean {
  return delivery.kind === 'event';
}

async function take(
  deliveries: AsyncIterable<Delivery>,
  count: number,
  wanted: (delivery: Delivery) => boolean,
): Promise<Delivery[]> {
  const subscription = deliveries[Symbol.asyncIterator]();
  const taken = await takeFrom(subscription, count, wanted);
  await subscription.return?.();
  return taken;
}

/** The next so many that are wanted, fewer where it ends; it stays open. */
async function takeFrom(
  subscription: AsyncIterator<Delivery>,
  count: number,
  wanted: (delivery: Delivery) => boolean,
): Promise<Delivery[]> {
  const taken: Delivery[] = [];
  while (taken.length < count) {
    const { value, done } = await subscription.next();
    if (done === true) break;
    if (wanted(value)) taken.push(value);
  }
  return taken;
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\0', '"', '\\', '\u2028', '\ufeff', 'ä', '👩‍👧') }),
);
const { value: jsonValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      text,
      fc.boolean(),
      fc.constant(null),
      // JSON has one zero only.
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    ),
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(text, fc.constant('__proto__')), tie('value'), { noNullPrototype: true }),
  ),
}));

function containingItself(): unknown {
  const value: Record<string, unknown> = {};
  value.self = [value];
  return value;
}

function nested(depth: number): unknown {
  let value: unknown = null;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

function tooLarge(): unknown {
  return { text: 'x'.repeat(MAX_EVENT_BYTES) };
}

function survivesTheEngine(value: unknown): boolean {
  const json = JSON.stringify(value);
  return JSON.stringify(JSON.parse(json)) === json;
}
