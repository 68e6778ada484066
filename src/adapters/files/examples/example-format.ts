import type { TrainingExample } from '../../../domain/examples.ts';
import type { ReadExample } from '../../../domain/ports.ts';
import type { InWords } from '../../../domain/refusal.ts';

/** What a place in a file turns out to be. A reason goes on from "line 7: ", and holds no bytes of the file. */
export type Outcome = { readonly example: TrainingExample } | { readonly reason: InWords };

/** Reads one format from the pieces of a file as they come. */
export interface ExampleFormat {
  /** What the next bytes complete. They are kept, so they must not change afterwards. */
  take(piece: Buffer): Iterable<ReadExample>;
  /** What the end of the file completes. */
  end(): Iterable<ReadExample>;
  /** True once nothing more can be made of the file. */
  readonly ended: boolean;
}
