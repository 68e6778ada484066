import Database from 'better-sqlite3';
import { z } from 'zod';

/** `posting` is where nobody knows whether it stands there. */
const states = ['heard', 'posting', 'posted', 'closed'] as const;

/** The one message of a job. */
export interface JobMessageRecord {
  readonly job: string;
  readonly scope: string;
  /** When the job was heard of, in ms since 1970. */
  readonly at: number;
  readonly state: (typeof states)[number];
  /** Its id once it is known. */
  readonly message: string | null;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS job_messages (
    job TEXT PRIMARY KEY,
    scope TEXT NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('heard', 'posting', 'posted', 'closed')),
    message TEXT
  ) STRICT, WITHOUT ROWID;
`;

const Row = z.object({
  job: z.string(),
  scope: z.string(),
  at: z.number(),
  state: z.enum(states),
  message: z.string().nullable(),
});

/** Which message shows which job, on disk before it is posted, so that after a restart the same one goes on. */
export class JobMessageStore {
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

  find(job: string): JobMessageRecord | null {
    const row = this.#statements.find.get(job);
    return row === undefined ? null : Row.parse(row);
  }

  /** What is known already stays as it is. */
  hear({ job, scope, at }: Pick<JobMessageRecord, 'job' | 'scope' | 'at'>): void {
    this.#statements.hear.run({ job, scope, at });
  }

  /** It is about to be posted. */
  posting(job: string): void {
    this.#statements.posting.run(job);
  }

  posted(job: string, message: string): void {
    this.#statements.posted.run({ job, message });
  }

  /** There is nothing more to be shown, or nowhere. */
  close(job: string): void {
    this.#statements.close.run(job);
  }

  /** What was not closed, the oldest first. */
  open(): readonly JobMessageRecord[] {
    return this.#statements.open.all().map((row) => Row.parse(row));
  }

  /** What is so old that nothing asks for it any more. @param at ms since 1970 */
  forgetBefore(at: number): void {
    this.#statements.forget.run(at);
  }

  end(): void {
    this.#database.close();
  }
}

function prepare(database: Database.Database) {
  return {
    find: database.prepare('SELECT * FROM job_messages WHERE job = ?'),
    hear: database.prepare(
      "INSERT INTO job_messages (job, scope, at, state) VALUES (:job, :scope, :at, 'heard') ON CONFLICT DO NOTHING",
    ),
    posting: database.prepare("UPDATE job_messages SET state = 'posting' WHERE job = ?"),
    posted: database.prepare("UPDATE job_messages SET state = 'posted', message = :message WHERE job = :job"),
    close: database.prepare("UPDATE job_messages SET state = 'closed' WHERE job = ?"),
    open: database.prepare("SELECT * FROM job_messages WHERE state <> 'closed' ORDER BY at, job"),
    forget: database.prepare('DELETE FROM job_messages WHERE at < ?'),
  };
}
