import { join } from 'node:path';
import Database from 'better-sqlite3';
import { EventReader } from '../../src/adapters/ledger/sqlite/event-reader.ts';
import { decodeEvent, type Recorded } from '../../src/domain/events.ts';

/** Every event in the ledger of a data directory, each checked by its checksum, also while the program has it open. */
export function eventsIn(directory: string): Recorded[] {
  const file = join(directory, 'ledger.sqlite');
  const database = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const reader = new EventReader(database);
    const events: Recorded[] = [];
    const head = reader.head();
    for (let at = 0; at < head; ) {
      const page = reader.page(at, head);
      events.push(...page.events.map(decodeEvent));
      at = page.end;
    }
    return events;
  } finally {
    database.close();
  }
}

export function countEvents(directory: string): number {
  return eventsIn(directory).length;
}
