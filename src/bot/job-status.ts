import { decodeEvent } from '../domain/events.ts';
import { type Language, languages } from '../domain/languages/languages.ts';
import { streamName } from '../domain/streams.ts';
import type { Action, JobStatus } from '../domain/surface.ts';
import { findJob } from '../projections/jobs.ts';
import { describeJob, progressOf } from './job-words.ts';
import type { Services } from './services.ts';

/** A job as far as it has come. The losses are read from its stream, which says more than the read models keep. */
export async function jobStatus(
  { readModels, ledger }: Pick<Services, 'readModels' | 'ledger'>,
  scope: string,
  job: string,
  language: Language,
): Promise<JobStatus | null> {
  const row = await findJob(readModels.db, scope, job);
  if (row === undefined) return null;
  let started: string | null = null;
  const losses: { readonly step: number; readonly loss: number }[] = [];
  for await (const stored of ledger.readStream(streamName(scope, 'job', job))) {
    const event = decodeEvent(stored);
    if (event.type === 'TrainingStarted') started ??= event.metadata.time;
    if (event.type !== 'TrainingProgressed' || event.data.loss === null) continue;
    const { step, loss } = event.data;
    // A step is told again with its evaluation, and what is begun anew goes back.
    while ((losses.at(-1)?.step ?? -1) >= step) losses.pop();
    losses.push({ step, loss });
  }
  const { channel, time: requested, ended, state, step, total, model } = row;
  return {
    job,
    scope,
    channel,
    requested,
    started,
    ended,
    state,
    progress: progressOf(row),
    step,
    total,
    losses,
    model,
    text: describeJob(row, languages[language]),
    actions: model === null ? [] : [promoteAction(model, language)],
  };
}

function promoteAction(model: string, language: Language): Action {
  return {
    label: languages[language].actions.promote,
    emoji: null,
    style: 'success',
    kind: 'run',
    request: { command: 'promote', options: { model } },
  };
}
