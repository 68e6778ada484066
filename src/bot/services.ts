import type { FoldedStreams } from '../domain/folded-streams.ts';
import type { Adapters, Settings } from './adapters.ts';
import type { TrainingProcess } from './processes/training.ts';

/** What the commands work with. */
export interface Services extends Adapters {
  readonly settings: Settings;
  /** What is remembered of the ledger's streams, by all that write to it. */
  readonly streams: FoldedStreams;
  readonly training: TrainingProcess;
  /** Whose export is being written, as scope and member. */
  readonly exporting: Set<string>;
}
