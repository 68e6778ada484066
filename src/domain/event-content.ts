import { type ExpectedRevision, LedgerError, MAX_EVENT_BYTES, type NewEvent } from './ledger.ts';

/** An event as every adapter keeps it: its content as JSON text. */
export interface SerialisedEvent {
  /** A UUID in lower case. */
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** No honest event nests deeper, and a parser's stack must stand it. */
const MAX_DEPTH = 500;
/** Where the walk gives up on a value that may be endless in size; far above what fits into an event. */
const MAX_WALK = 64 * MAX_EVENT_BYTES;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const CONTROL_CHARACTER = /\p{Cc}/u;

/**
 * What an append holds, checked the same way for every adapter.
 * @throws TypeError where the caller is at fault: no events, a name that is empty, has control characters or is
 * not well-formed Unicode, a revision that no stream can have, an id that is no UUID or stands twice
 * @throws LedgerError `not_json` or `too_large`
 */
export function serialiseAppend(
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): readonly SerialisedEvent[] {
  checkName('stream', stream);
  if (typeof expected === 'number' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw new TypeError(`${expected} cannot be the revision of ${stream}`);
  }
  if (events.length === 0) throw new TypeError(`an append to ${stream} must hold an event`);
  const serialised = events.map(serialiseEvent);
  if (serialised.length > 1 && new Set(serialised.map(({ id }) => id)).size < serialised.length) {
    throw new TypeError(`an append to ${stream} holds the same event id twice`);
  }
  return serialised;
}

/**
 * JSON-safe is what comes back from JSON equal to what went in: null, booleans, finite numbers (-0 becomes 0),
 * well-formed strings, arrays without holes and plain objects of these. What JSON would leave out or bend
 * (undefined, NaN, functions, BigInt, dates, instances of classes, cycles, lone surrogates) is refused.
 * @throws TypeError, LedgerError as `serialiseAppend`
 */
export function serialiseEvent(event: NewEvent): SerialisedEvent {
  checkName('event type', event.type);
  if (!UUID.test(event.id)) throw new TypeError(`the event id ${event.id} is not a UUID`);
  const data = toJson('data', event.data);
  const metadata = toJson('metadata', event.metadata);
  checkSize(data, metadata);
  return { id: event.id.toLowerCase(), type: event.type, data, metadata };
}

function checkName(what: string, name: string): void {
  if (name === '' || CONTROL_CHARACTER.test(name) || !name.isWellFormed()) {
    throw new TypeError(`${JSON.stringify(name)} cannot be the name of a ${what}`);
  }
}

function toJson(name: string, value: unknown): string {
  const problem = problemWith(value, { ancestors: [], size: 0 });
  if (problem !== null) throw new LedgerError({ kind: 'not_json', reason: `${name}${problem}` });
  const json = JSON.stringify(value);
  // JSON.stringify escapes a lone surrogate and nothing else in this way, but for a backslash that was there.
  if (json.includes('\\ud') && !hasOnlyWellFormedText(value)) {
    throw new LedgerError({ kind: 'not_json', reason: `${name} holds text that is not well-formed Unicode` });
  }
  return json;
}

interface Walk {
  readonly ancestors: object[];
  size: number;
}

/** Where and why a value is not JSON-safe, in words that follow the value's name; null where it is. */
function problemWith(value: unknown, walk: Walk): string | null {
  switch (typeof value) {
    case 'string':
      grow(walk, value.length);
      return null;
    case 'boolean':
      grow(walk, 1);
      return null;
    case 'number':
      grow(walk, 1);
      return Number.isFinite(value) ? null : ` is ${value}`;
    case 'object':
      return value === null ? null : problemWithObject(value, walk);
    case 'undefined':
      return ' is undefined';
    default:
      return ` is a ${typeof value}`;
  }
}

function problemWithObject(value: object, walk: Walk): string | null {
  const { ancestors } = walk;
  if (ancestors.includes(value)) return ' contains itself';
  if (ancestors.length === MAX_DEPTH) return ` is nested deeper than ${MAX_DEPTH} levels`;
  grow(walk, 2);
  ancestors.push(value);
  const problem = Array.isArray(value) ? problemWithItems(value, walk) : problemWithProperties(value, walk);
  ancestors.pop();
  return problem;
}

function problemWithItems(items: readonly unknown[], walk: Walk): string | null {
  for (let index = 0; index < items.length; index++) {
    const problem = problemWith(items[index], walk);
    if (problem !== null) return `[${index}]${problem}`;
  }
  return null;
}

function problemWithProperties(value: object, walk: Walk): string | null {
  if (!isPlain(value)) return ` is ${describeInstance(value)}`;
  for (const key in value) {
    grow(walk, key.length);
    const problem = problemWith(value[key], walk);
    if (problem !== null) return `.${key}${problem}`;
  }
  return null;
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describeInstance(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'no plain object';
}

function grow(walk: Walk, size: number): void {
  walk.size += size;
  if (walk.size > MAX_WALK) throw new LedgerError({ kind: 'too_large', bytes: walk.size });
}

function hasOnlyWellFormedText(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => key.isWellFormed() && hasOnlyWellFormedText(item));
}

function checkSize(data: string, metadata: string): void {
  // A UTF-16 unit takes at most three bytes, which spares most events the counting.
  if ((data.length + metadata.length) * 3 <= MAX_EVENT_BYTES) return;
  const bytes = Buffer.byteLength(data) + Buffer.byteLength(metadata);
  if (bytes > MAX_EVENT_BYTES) throw new LedgerError({ kind: 'too_large', bytes });
}
