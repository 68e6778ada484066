import { Cost } from '../domain/events.ts';
import { shorten } from '../domain/identifiers.ts';
import type { Words } from '../domain/languages/languages.ts';
import type { JsonObject } from '../domain/surface.ts';
import { findJob } from '../projections/jobs.ts';
import type { JobRow } from '../projections/tables.ts';
import type { CommandContext } from './command.ts';
import { providerNamed } from './model-providers.ts';
import { withPrefix } from './prefix.ts';
import { shownCost, shownTime } from './words.ts';

export async function knownJob({ services, cause }: CommandContext, id: string): Promise<JobRow> {
  const row = await findJob(services.readModels.db, cause.scope, id);
  if (row === undefined) throw new Error(`the job ${id} is not in the read models`);
  return row;
}

/** A job by itself, with what its reader has to know. */
export function jobText({ services, words }: CommandContext, row: JobRow): string {
  const { id, trainer, ended } = row;
  const isFollowed = ended !== null || providerNamed(services, trainer) !== undefined;
  const notFollowed = words.trainers.notFollowed({ job: shorten(id), trainer });
  const more = isFollowed ? [] : [withPrefix(notFollowed, services.settings.prefix)];
  return [describeJob(row, words), ...more].join('\n');
}

/** One line: what trains on what, what came of it, who wanted it and when. */
export function describeJob(row: JobRow, words: Words): string {
  return words.jobs.requestedBy({ what: jobWords(row, words), who: row.actor, when: shownTime(row.time) });
}

/** What trains on what, and what came of it. */
export function jobWords(row: JobRow, words: Words): string {
  const { id, dataset, format, examples, trainer } = row;
  return words.jobs.what({
    job: shorten(id),
    trainer,
    dataset: shorten(dataset),
    examples,
    format,
    outcome: outcome(row, words),
  });
}

export function jobData(row: JobRow): JsonObject {
  const {
    id,
    state,
    dataset,
    format,
    examples,
    trainer,
    step,
    total,
    loss,
    model,
    reason,
    actor,
    time,
    ended,
  } = row;
  return {
    job: id,
    state,
    progress: progressOf(row),
    step,
    total,
    loss,
    model,
    reason,
    dataset,
    sha256: dataset,
    format,
    examples,
    trainer,
    baseModel: row.base_model,
    trainedTokens: row.trained_tokens,
    cost: costOf(row),
    actor,
    time,
    ended,
  };
}

export function progressOf({ state, step, total }: JobRow): number {
  if (state === 'succeeded') return 1;
  return total === 0 ? 0 : Math.min(1, step / total);
}

function costOf({ cost }: JobRow): Cost | null {
  return cost === null ? null : Cost.parse(JSON.parse(cost));
}

function shownCostOf(row: JobRow): string | null {
  const cost = costOf(row);
  return cost === null ? null : shownCost(cost);
}

function outcome(row: JobRow, { jobs: { outcomes } }: Words): string {
  switch (row.state) {
    case 'requested':
      return outcomes.requested;
    case 'running':
      return outcomes.running(row);
    case 'succeeded':
      return outcomes.succeeded({ model: shorten(row.model ?? ''), loss: row.loss, cost: shownCostOf(row) });
    case 'failed':
      return outcomes.failed(`${row.reason?.replace(/\.$/, '')}`);
    case 'cancelled':
      return outcomes.cancelled;
  }
}
