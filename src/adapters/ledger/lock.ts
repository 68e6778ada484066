import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Refusal } from '../../domain/refusal.ts';

/** A data directory that is ours until it is released, or until this process ends in whatever way. */
export interface Lock {
  release(): void;
}

/** A lock that nobody holds on to would be let go by the garbage collector. */
const held = new Set<Database.Database>();

/**
 * Keeps a second process, and a second use in this one, away from a data directory.
 * @throws Refusal where it is in use or cannot be locked
 */
export function lockDataDirectory(directory: string): Lock {
  const file = join(directory, 'ledger.lock');
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { timeout: 0 });
    // Nothing is ever written, so the file stays empty; SQLite brings the lock that every system lets go of when
    // its process is killed.
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    throw refusalOf(error, directory, file);
  }
  const lock = database;
  held.add(lock);
  return {
    release() {
      held.delete(lock);
      lock.close();
    },
  };
}

function refusalOf(error: unknown, directory: string, file: string): unknown {
  if (!(error instanceof Database.SqliteError || error instanceof TypeError)) return error;
  if ('code' in error && error.code === 'SQLITE_BUSY') {
    return new Refusal(
      `Another training-ledger process is using ${directory}; stop it or choose another --data-dir.`,
    );
  }
  return new Refusal(`${file} cannot be locked (${error.message}); see that the directory may be written.`);
}
