import Database from 'better-sqlite3';
import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { Received } from './incoming.ts';

/** Where a reply belongs. */
export const Address = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), channel: z.string(), message: z.string() }),
  z.object({
    kind: z.literal('interaction'),
    application: z.string(),
    interaction: z.string(),
    token: z.string(),
    /** Whether what was deferred is seen by nobody but the person who asked. */
    isPrivate: z.boolean(),
    /** What was deferred: a new reply, or a change of the message whose button was pressed. */
    deferred: z.enum(['reply', 'update']),
    /** When it was received, in ms since 1970. */
    at: z.number(),
  }),
]);
export type Address = Readonly<z.infer<typeof Address>>;

export interface Waiting {
  readonly received: Received;
  readonly address: Address;
  /** When it was written, in ms since 1970. */
  readonly at: number;
  /** How many times it has been begun. */
  readonly begun: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS received (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    -- Both are taken away when it has been answered: nothing that people wrote is kept for longer.
    received TEXT,
    address TEXT,
    begun INTEGER NOT NULL DEFAULT 0,
    steps INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS waiting ON received (at) WHERE received IS NOT NULL;
  CREATE TABLE IF NOT EXISTS channels (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  -- What was written there since then has not been looked at, as Discord did not show it.
  CREATE TABLE IF NOT EXISTS behind (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

/** What is only noted, and found out again where it is lost, is written together after so long. */
const WRITE_AFTER_MS = 25;

const Row = z.object({ received: z.string(), address: z.string(), at: z.number(), begun: z.number() });
const StateRow = z.object({ waits: z.number() }).optional();
const CountRow = z.object({ steps: z.number() }).optional();
const ChannelRow = z.object({ id: z.string(), at: z.number() });

/**
 * What was received and not answered yet, on disk before anything is done about it. A killed process loses
 * nothing of it; what the machine loses with its power is found in the channels again.
 *
 * That something was answered, and how far a channel is known, is noted at once and written a little later: where a
 * kill comes in between, it is done again with the same outcome, and what stands in the channel is not posted again.
 */
export class Inbox {
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #writeTogether: () => void;
  /** Up to when everything for us is recorded, in each channel that we know of, in ms since 1970. */
  readonly #marks: Map<string, number>;
  readonly #behind: Map<string, number>;
  readonly #unwrittenMarks = new Set<string>();
  readonly #unwrittenSettled = new Set<string>();
  #writing: NodeJS.Timeout | null = null;
  /** While something may be missing: up to when nothing is, and what was seen since. */
  #held: { readonly newest: number; readonly seen: Map<string, number> } | null = null;

  /** @throws Refusal where the file cannot be opened */
  constructor(file: string) {
    this.#database = openDatabase(file);
    this.#statements = prepare(this.#database);
    this.#writeTogether = this.#database.transaction(() => this.#writeUnwritten());
    this.#marks = marksIn(this.#statements.channels);
    this.#behind = marksIn(this.#statements.behind);
  }

  /** @param at when it was written, in ms since 1970 */
  record(received: Received, address: Address, at: number): 'new' | 'waiting' | 'answered' {
    const { id, channel } = received;
    this.#know(channel, at);
    const inserted = this.#statements.insert.run(id, at, JSON.stringify(received), JSON.stringify(address));
    if (inserted.changes === 0) return this.isSettled(id) ? 'answered' : 'waiting';
    this.#hear(channel, at);
    return 'new';
  }

  /** It is not to be carried out, whenever it arrives again. @param at when it was written, in ms since 1970 */
  refuse({ id, channel }: Pick<Received, 'id' | 'channel'>, at: number): void {
    this.#know(channel, at);
    if (this.#statements.insert.run(id, at, null, null).changes > 0) this.#hear(channel, at);
  }

  /** Null for what has never been recorded. */
  stateOf(id: string): 'waiting' | 'answered' | null {
    if (this.#unwrittenSettled.has(id)) return 'answered';
    const row = StateRow.parse(this.#statements.find.get(id));
    if (row === undefined) return null;
    return row.waits === 0 ? 'answered' : 'waiting';
  }

  /**
   * From now on what is recorded does not count as a sign that everything before it is recorded too: something may
   * have been missed, and is looked for.
   */
  holdMarks(): void {
    this.#held ??= { newest: this.#newest(), seen: new Map() };
  }

  /** Nothing is missing any more. */
  releaseMarks(): void {
    const held = this.#held;
    this.#held = null;
    for (const [channel, at] of held?.seen ?? []) this.#see(channel, at);
  }

  /** It is being carried out, perhaps not for the first time. */
  begin(id: string): void {
    this.#statements.begin.run(id);
  }

  /** Step by step what cannot be done twice: each is marked before it is taken. */
  takeStep(id: string): void {
    this.#statements.takeStep.run(id);
  }

  stepsTaken(id: string): number {
    return CountRow.parse(this.#statements.steps.get(id))?.steps ?? 0;
  }

  /** There is nothing left to be done about it. */
  settle(id: string): void {
    this.#unwrittenSettled.add(id);
    this.#writeSoon();
  }

  isSettled(id: string): boolean {
    return this.stateOf(id) === 'answered';
  }

  /** Everything not settled, the oldest first. */
  waiting(): readonly Waiting[] {
    this.#writeTogether();
    return this.#statements.waiting.all().map((row) => {
      const { received, address, at, begun } = Row.parse(row);
      return {
        received: Received.parse(JSON.parse(received)),
        address: Address.parse(JSON.parse(address)),
        at,
        begun,
      };
    });
  }

  /** Up to when everything for us is recorded, in each channel that we know of, in ms since 1970. */
  channels(): ReadonlyMap<string, number> {
    return new Map(this.#marks);
  }

  /** Channels where nothing is recorded of what came after these times, in ms since 1970, though it is elsewhere. */
  behind(): ReadonlyMap<string, number> {
    return new Map(this.#behind);
  }

  /** What was written there since then could not be looked at, and is to be looked for the next time. */
  fallBehind(channel: string, since: number): void {
    this.#statements.fallBehind.run(channel, since);
    this.#behind.set(channel, since);
  }

  /** What was written there has been looked at, or is not to be looked at any more. */
  catchUp(channel: string): void {
    if (this.#behind.delete(channel)) this.#statements.catchUp.run(channel);
  }

  /** Forgets what was settled and is so old that it cannot arrive again. */
  forgetBefore(at: number): void {
    this.#writeTogether();
    this.#statements.forget.run(at);
  }

  close(): void {
    try {
      this.#writeTogether();
    } finally {
      this.#database.close();
    }
  }

  #newest(): number {
    return this.#marks.size === 0 ? Number.MAX_SAFE_INTEGER : Math.max(...this.#marks.values());
  }

  /** At once: what is missed in a channel is found only where the channel is known. */
  #know(channel: string, at: number): void {
    if (this.#marks.has(channel)) return;
    const mark = this.#held === null ? at : Math.min(this.#held.newest, at);
    this.#statements.mark.run(channel, mark);
    this.#marks.set(channel, mark);
  }

  #hear(channel: string, at: number): void {
    if (this.#held === null) this.#see(channel, at);
    else this.#held.seen.set(channel, Math.max(this.#held.seen.get(channel) ?? 0, at));
  }

  #see(channel: string, at: number): void {
    if (at <= (this.#marks.get(channel) ?? 0)) return;
    this.#marks.set(channel, at);
    this.#unwrittenMarks.add(channel);
    this.#writeSoon();
  }

  #writeSoon(): void {
    this.#writing ??= setTimeout(() => {
      this.#writing = null;
      try {
        this.#writeTogether();
      } catch {
        // As where the disk is full; the next recording tells that, and nothing is lost of this.
        this.#writeSoon();
      }
    }, WRITE_AFTER_MS).unref();
  }

  #writeUnwritten(): void {
    const { settle, mark } = this.#statements;
    for (const id of this.#unwrittenSettled) settle.run(id);
    for (const channel of this.#unwrittenMarks) mark.run(channel, this.#marks.get(channel));
    this.#unwrittenSettled.clear();
    this.#unwrittenMarks.clear();
  }
}

function marksIn(rows: Database.Statement): Map<string, number> {
  return new Map(
    rows.all().map((row) => {
      const { id, at } = ChannelRow.parse(row);
      return [id, at];
    }),
  );
}

function openDatabase(file: string): Database.Database {
  try {
    const database = new Database(file);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('secure_delete = ON');
    database.exec(SCHEMA);
    return database;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(
      `${file} cannot be opened (${reason}); where it is damaged, take it away: it holds only what was not answered yet.`,
    );
  }
}

function prepare(database: Database.Database) {
  return {
    find: database.prepare('SELECT received IS NOT NULL AS waits FROM received WHERE id = ?'),
    insert: database.prepare(
      'INSERT INTO received (id, at, received, address) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    ),
    mark: database.prepare(
      'INSERT INTO channels (id, at) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at',
    ),
    begin: database.prepare('UPDATE received SET begun = begun + 1 WHERE id = ?'),
    takeStep: database.prepare('UPDATE received SET steps = steps + 1 WHERE id = ?'),
    steps: database.prepare('SELECT steps FROM received WHERE id = ?'),
    settle: database.prepare('UPDATE received SET received = NULL, address = NULL WHERE id = ?'),
    waiting: database.prepare(
      'SELECT received, address, at, begun FROM received WHERE received IS NOT NULL ORDER BY at, length(id), id',
    ),
    channels: database.prepare('SELECT id, at FROM channels'),
    behind: database.prepare('SELECT id, at FROM behind'),
    fallBehind: database.prepare(
      'INSERT INTO behind (id, at) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at',
    ),
    catchUp: database.prepare('DELETE FROM behind WHERE id = ?'),
    forget: database.prepare('DELETE FROM received WHERE received IS NULL AND at < ?'),
  };
}
