import type { Database, Statement } from 'better-sqlite3';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** There are fewer different queries than this, unless somebody makes them up as they go. */
const REMEMBERED_STATEMENTS = 300;

/** A database for queries that can be replaced beneath them, and that reports what goes wrong with it. */
export class GuardedReader implements SqliteDatabase {
  readonly #current: () => Database;
  readonly #explain: (error: unknown) => unknown;
  /** Of the present database: preparing a statement takes several times as long as running it. */
  readonly #statements = new Map<string, Statement<unknown[]>>();
  #database: Database | undefined;

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
    const statement = this.#guard(() => this.#prepared(database, sql));
    return {
      reader: statement.reader,
      all: (parameters) => this.#guard(() => statement.all(parameters)),
      run: (parameters) => this.#guard(() => statement.run(parameters)),
      // One that is being iterated over cannot be run for somebody else at the same time.
      iterate: (parameters) => this.#guard(() => database.prepare<unknown[]>(sql).iterate(parameters)),
    };
  }

  /** Whoever opened the database closes it. */
  close(): void {}

  #prepared(database: Database, sql: string): Statement<unknown[]> {
    if (database !== this.#database || this.#statements.size === REMEMBERED_STATEMENTS) {
      this.#statements.clear();
      this.#database = database;
    }
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare<unknown[]>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #guard<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw this.#explain(error);
    }
  }
}
