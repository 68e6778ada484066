import Database from 'better-sqlite3';
import { z } from 'zod';

/** A guild as it was entered once: who is thrown out and let in again enters another time. */
export interface Entry {
  readonly guild: string;
  /** Ms since 1970. */
  readonly joined: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS known_guilds (
    guild TEXT NOT NULL,
    joined INTEGER NOT NULL,
    -- Whether the guild is still to be greeted.
    waits INTEGER NOT NULL,
    PRIMARY KEY (guild, joined)
  ) STRICT, WITHOUT ROWID;
`;

const Row = z.object({ guild: z.string(), joined: z.number() });

/** In which guilds the bot has been seen, on disk, so that each is greeted when it is new and never again. */
export class KnownGuilds {
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepare>;

  /** @throws SqliteError where the file cannot be opened */
  constructor(file: string) {
    this.#database = new Database(file);
    this.#database.pragma('journal_mode = WAL');
    this.#database.pragma('synchronous = NORMAL');
    this.#database.exec(SCHEMA);
    this.#statements = prepare(this.#database);
  }

  /** It was there already, so it is not greeted. */
  remember({ guild, joined }: Entry): void {
    this.#statements.insert.run({ guild, joined, waits: 0 });
  }

  /** @returns whether it is new, and so is to be greeted */
  enter({ guild, joined }: Entry): boolean {
    return this.#statements.insert.run({ guild, joined, waits: 1 }).changes === 1;
  }

  /** It has been greeted, or cannot be. */
  settle({ guild, joined }: Entry): void {
    this.#statements.settle.run({ guild, joined });
  }

  /** What was entered and not settled. */
  waiting(): readonly Entry[] {
    return this.#statements.waiting.all().map((row) => Row.parse(row));
  }

  end(): void {
    this.#database.close();
  }
}

function prepare(database: Database.Database) {
  return {
    insert: database.prepare(
      'INSERT INTO known_guilds (guild, joined, waits) VALUES (:guild, :joined, :waits) ON CONFLICT DO NOTHING',
    ),
    settle: database.prepare('UPDATE known_guilds SET waits = 0 WHERE guild = :guild AND joined = :joined'),
    waiting: database.prepare('SELECT guild, joined FROM known_guilds WHERE waits = 1 ORDER BY joined'),
  };
}
