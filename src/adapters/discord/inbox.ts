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
`;

const Row = z.object({ received: z.string(), address: z.string(), at: z.number(), begun: z.number() });
const StateRow = z.object({ waits: z.number() }).optional();
const CountRow = z.object({ steps: z.number() }).optional();
const ChannelRow = z.object({ id: z.string(), at: z.number() });

/**
 * What was received and not answered yet, on disk before anything is done about it. A killed process loses
 * nothing of it; what the machine loses with its power is found in the channels again.
 */
export class Inbox {
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepare>;
  /** While something may be missing: up to when nothing is, and what was seen since. */
  #held: { readonly newest: number; readonly seen: Map<string, number> } | null = null;

  /** @throws Refusal where the file cannot be opened */
  constructor(file: string) {
    this.#database = openDatabase(file);
    this.#statements = prepare(this.#database);
  }

  /** @param at when it was written, in ms since 1970 */
  record(received: Received, address: Address, at: number): 'new' | 'waiting' | 'answered' {
    return this.#database.transaction(() => {
      const { find, insert, see, know } = this.#statements;
      const known = StateRow.parse(find.get(received.id));
      if (known !== undefined) return known.waits === 1 ? 'waiting' : 'answered';
      insert.run(received.id, at, JSON.stringify(received), JSON.stringify(address));
      if (this.#held === null) see.run(received.channel, at);
      else {
        this.#held.seen.set(received.channel, Math.max(this.#held.seen.get(received.channel) ?? 0, at));
        know.run(received.channel, Math.min(this.#held.newest, at));
      }
      return 'new';
    })();
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
    this.#database.transaction(() => {
      for (const [channel, at] of held?.seen ?? []) this.#statements.see.run(channel, at);
    })();
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
    this.#statements.settle.run(id);
  }

  isSettled(id: string): boolean {
    return StateRow.parse(this.#statements.find.get(id))?.waits === 0;
  }

  /** Everything not settled, the oldest first. */
  waiting(): readonly Waiting[] {
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
    return new Map(
      this.#statements.channels.all().map((row) => {
        const { id, at } = ChannelRow.parse(row);
        return [id, at];
      }),
    );
  }

  #newest(): number {
    const marks = [...this.channels().values()];
    return marks.length === 0 ? Number.MAX_SAFE_INTEGER : Math.max(...marks);
  }

  /** Forgets what was settled and is so old that it cannot arrive again. */
  forgetBefore(at: number): void {
    this.#statements.forget.run(at);
  }

  close(): void {
    this.#database.close();
  }
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
    insert: database.prepare('INSERT INTO received (id, at, received, address) VALUES (?, ?, ?, ?)'),
    see: database.prepare(
      'INSERT INTO channels (id, at) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET at = max(at, excluded.at)',
    ),
    know: database.prepare('INSERT INTO channels (id, at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING'),
    begin: database.prepare('UPDATE received SET begun = begun + 1 WHERE id = ?'),
    takeStep: database.prepare('UPDATE received SET steps = steps + 1 WHERE id = ?'),
    steps: database.prepare('SELECT steps FROM received WHERE id = ?'),
    settle: database.prepare('UPDATE received SET received = NULL, address = NULL WHERE id = ?'),
    waiting: database.prepare(
      'SELECT received, address, at, begun FROM received WHERE received IS NOT NULL ORDER BY at, length(id), id',
    ),
    channels: database.prepare('SELECT id, at FROM channels'),
    forget: database.prepare('DELETE FROM received WHERE received IS NULL AND at < ?'),
  };
}
