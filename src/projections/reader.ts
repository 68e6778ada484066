import type { Database } from 'better-sqlite3';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** A database for queries that can be replaced beneath them, and that reports what goes wrong with it. */
export class GuardedReader implements SqliteDatabase {
  readonly #current: () => Database;
  readonly #explain: (error: unknown) => unknown;

  /**
   * @param current gives the database, or throws why there is none now
   * @param explain makes of an error of the database what the query shall throw
   */
  constructor(current: () => Database, explain: (error: unknown) => unknown) {
    this.#current = current;
    this.#explain = explain;
  }

  prepare(sql: string): SqliteStatement {
    const database = this.#current();
    const statement = this.#guard(() => database.prepare<unknown[]>(sql));
    return {
      reader: statement.reader,
      all: (parameters) => this.#guard(() => statement.all(...parameters)),
      run: (parameters) => this.#guard(() => statement.run(...parameters)),
      iterate: (parameters) => this.#guard(() => statement.iterate(...parameters)),
    };
  }

  /** Whoever opened the database closes it. */
  close(): void {}

  #guard<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw this.#explain(error);
    }
  }
}
