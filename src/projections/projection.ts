import type { Recorded } from '../domain/events.ts';
import type { Statements } from './statements.ts';

/** A fold over the ledger into rows. */
export interface Projection {
  readonly name: string;
  /** To be raised with every change of what the rows hold: the next start then builds them anew. */
  readonly version: number;
  /** Prepares its statements for one generation of the tables. */
  prepare(statements: Statements): Writer;
}

/** Writes the rows of one generation, inside the transaction of a batch of events. */
export interface Writer {
  /**
   * Takes the scope's events in the order of the ledger, each exactly once.
   * @param ordinal counts the events taken, from 1
   */
  take(event: Recorded, ordinal: number): void;
  /** Called at the end of each batch: what was gathered is written, and nothing is kept. */
  finish?(): void;
}
