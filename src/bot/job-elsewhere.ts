import type { Trainer, TrainingOrder } from '../domain/ports.ts';
import type { JobRow } from '../projections/tables.ts';

/** What a trainer needs to find a job again that goes on elsewhere. */
export function orderOf({ id: job, file, reference }: JobRow): Pick<TrainingOrder, 'job' | 'known'> {
  return { job, known: { file, reference } };
}

/** Ends a job elsewhere that nobody follows. */
export async function endElsewhere(trainer: Trainer, row: JobRow): Promise<void> {
  await trainer.cancel?.(orderOf(row));
}
