import { shorten } from '../domain/identifiers.ts';
import { Refusal } from '../domain/refusal.ts';
import type { JobRow } from '../projections/tables.ts';
import type { CommandContext } from './command.ts';
import { orderOf } from './job-elsewhere.ts';
import { knownJob } from './job-words.ts';
import { providerNamed } from './model-providers.ts';

/** Pauses a job where it is trained, or lets it go on. @throws Refusal where that cannot be done */
export async function turnJob(
  context: CommandContext,
  id: string,
  turn: 'pause' | 'resume',
): Promise<JobRow> {
  const row = await knownJob(context, id);
  if (row.state !== 'requested' && row.state !== 'running') {
    const { state: as } = row;
    throw new Refusal(({ refusals }) => refusals.job.ended({ job: shorten(id), as }));
  }
  const trainer = providerNamed(context.services, row.trainer)?.trainer;
  if (trainer === undefined) {
    throw new Refusal(({ trainers }) => trainers.notFollowed({ job: shorten(id), trainer: row.trainer }));
  }
  if (trainer[turn] === undefined) throw new Refusal(({ jobs }) => jobs.cannotPause(trainer.name));
  await trainer[turn](orderOf(row));
  return row;
}
