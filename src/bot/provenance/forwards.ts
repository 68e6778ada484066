import {
  answersOfModel,
  correctionsOf,
  countAnswersOfModel,
  evaluationsOf,
  feedbackOf,
} from '../../projections/answers.ts';
import { examplesWithAnswer, examplesWithCorrection, findDataset } from '../../projections/datasets.ts';
import { findEvent } from '../../projections/history.ts';
import { jobsOfDataset } from '../../projections/jobs.ts';
import { findModel, promotionsOf } from '../../projections/models.ts';
import type { DatasetExampleRow, JobRow } from '../../projections/tables.ts';
import type { Chain } from './chain.ts';
import {
  answerLine,
  correctionLine,
  datasetLine,
  evaluationLine,
  feedbackLine,
  jobLine,
  modelLine,
  moreLine,
  promotionLine,
} from './lines.ts';

/** An answer → its corrections and ratings → the datasets they are in → jobs → models → what those answered. */
export async function forwardFromAnswer(chain: Chain, answer: string): Promise<void> {
  for (const row of await correctionsOf(chain.db, chain.scope, answer)) chain.say(correctionLine('to', row));
  const feedback = await feedbackOf(chain.db, chain.scope, answer);
  for (const row of feedback.slice(0, chain.limit)) {
    const given = await findEvent(chain.db, chain.scope, row.event);
    if (given !== undefined) chain.say(feedbackLine(row, given.channel));
  }
  const more = feedback.length - chain.limit;
  if (more > 0) chain.say(moreLine('to', answer, more, 'ratings and remarks'));
  await forwardFromExamples(chain, await examplesWithAnswer(chain.db, chain.scope, answer));
}

export async function forwardFromCorrection(chain: Chain, correction: string): Promise<void> {
  await forwardFromExamples(chain, await examplesWithCorrection(chain.db, chain.scope, correction));
}

async function forwardFromExamples(chain: Chain, examples: readonly DatasetExampleRow[]): Promise<void> {
  const datasets = [...new Set(examples.map(({ dataset }) => dataset))];
  for (const dataset of datasets.slice(-chain.limit)) {
    const row = await findDataset(chain.db, chain.scope, dataset);
    if (row !== undefined) chain.say(datasetLine('to', row));
    await forwardFromDataset(chain, dataset);
  }
  const more = datasets.length - chain.limit;
  if (more > 0) chain.say(moreLine('to', 'example', more, 'datasets'));
}

export async function forwardFromDataset(chain: Chain, dataset: string): Promise<void> {
  for (const job of await jobsOfDataset(chain.db, chain.scope, dataset, chain.limit)) {
    if (chain.say(jobLine('to', job))) await forwardFromJob(chain, job);
  }
}

export async function forwardFromJob(chain: Chain, job: JobRow): Promise<void> {
  const row = job.model === null ? undefined : await findModel(chain.db, chain.scope, job.model);
  if (row !== undefined && chain.say(modelLine('to', row, job))) await forwardFromModel(chain, row.id);
}

/** A model → how it was tested → when it was promoted → what it answered. */
export async function forwardFromModel(chain: Chain, model: string): Promise<void> {
  const evaluations = await evaluationsOf(chain.db, chain.scope, model);
  for (const row of evaluations.slice(0, chain.limit)) chain.say(evaluationLine('to', row));
  for (const row of await promotionsOf(chain.db, chain.scope, model)) chain.say(promotionLine('to', row));
  const answers = await answersOfModel(chain.db, chain.scope, model, chain.limit);
  for (const row of answers) chain.say(answerLine('to', row));
  if (answers.length < chain.limit) return;
  const more = (await countAnswersOfModel(chain.db, chain.scope, model)) - answers.length;
  if (more > 0) chain.say(moreLine('to', model, more, 'answers'));
}
