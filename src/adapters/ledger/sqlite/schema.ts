import { readdirSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';

/** 'TrLg', as the first migration sets it. */
export const APPLICATION_ID = 0x54724c67;

const DIRECTORY = new URL('../../../../migrations/ledger/', import.meta.url);

interface Migration {
  /** From 1, without gaps; a file's `user_version` is the last one it has seen. */
  readonly version: number;
  readonly sql: string;
}

function readMigrations(): readonly Migration[] {
  return readdirSync(DIRECTORY)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort()
    .map((name) => ({
      version: Number(name.slice(0, 4)),
      sql: readFileSync(new URL(name, DIRECTORY), 'utf8'),
    }));
}

/** The schema of a ledger file through all versions that this program knows. */
export class LedgerSchema {
  readonly #migrations = readMigrations();

  get version(): number {
    return this.#migrations.at(-1)?.version ?? 0;
  }

  /** Brings a file from whatever version it has to the newest, all or nothing. */
  migrate(database: Database.Database): void {
    const from = versionOf(database);
    database
      .transaction(() => {
        for (const { version, sql } of this.#migrations) {
          if (version > from) database.exec(sql);
        }
        database.pragma(`user_version = ${this.version}`);
      })
      .immediate();
  }

  /** What differs from the schema of that version, in words; null where it is as it was made. */
  differenceAt(version: number, database: Database.Database): string | null {
    const expected = this.#objectsAt(version);
    const actual = objectsOf(database);
    for (const [name, sql] of expected) {
      if (!actual.has(name)) return `${name} is missing`;
      if (actual.get(name) !== sql) return `${name} was changed`;
    }
    for (const name of actual.keys()) {
      if (!expected.has(name)) return `${name} does not belong there`;
    }
    return null;
  }

  #objectsAt(version: number): ReadonlyMap<string, string | null> {
    const pristine = new Database(':memory:');
    try {
      for (const migration of this.#migrations) {
        if (migration.version <= version) pristine.exec(migration.sql);
      }
      return objectsOf(pristine);
    } finally {
      pristine.close();
    }
  }
}

/** Of a file's schema. */
export function versionOf(database: Database.Database): number {
  const version = Number(database.pragma('user_version', { simple: true }));
  // Before the second schema was released, its files were still numbered as those of the first.
  return version === 1 && hasChecksums(database) ? 2 : version;
}

function hasChecksums(database: Database.Database): boolean {
  return (
    database.prepare(`SELECT 1 FROM pragma_table_info('events') WHERE name = 'checksum'`).get() !== undefined
  );
}

/** From `kind name` to the SQL that made it. */
function objectsOf(database: Database.Database): ReadonlyMap<string, string | null> {
  const objects = database
    .prepare<[], { readonly label: string; readonly sql: string | null }>(
      `SELECT type || ' ' || name AS label, sql FROM sqlite_schema ORDER BY label`,
    )
    .all();
  return new Map(objects.map(({ label, sql }) => [label, sql]));
}
