import { findAnswer, findCorrection } from '../../projections/answers.ts';
import { exampleAt, examplesOf, findDataset } from '../../projections/datasets.ts';
import { findJob, jobsOfModel } from '../../projections/jobs.ts';
import { findModel } from '../../projections/models.ts';
import type { AnswerRow, DatasetExampleRow } from '../../projections/tables.ts';
import { utteranceOf } from '../../projections/utterances.ts';
import type { Chain } from './chain.ts';
import {
  answerLine,
  baseModelLine,
  correctionLine,
  datasetLine,
  jobLine,
  modelLine,
  moreLine,
  utteranceLine,
} from './lines.ts';

/** Model ← job ← dataset ← corrections ← answers ← the models that gave them, and so on to the base model. */
export async function backFromModel(chain: Chain, model: string): Promise<void> {
  await followModels(chain, [model]);
}

/** An answer ← what was said ← its model's chain, with the example that it was taken from before the others. */
export async function backFromAnswer(chain: Chain, answer: AnswerRow): Promise<void> {
  const { learned_dataset, learned_line } = answer;
  const said = await utteranceOf(chain.db, chain.scope, answer.id);
  if (said !== undefined) chain.say(utteranceLine('from', said, answer.channel));
  const learnedFrom =
    learned_dataset === null || learned_line === null
      ? undefined
      : await exampleAt(chain.db, chain.scope, learned_dataset, learned_line);
  await followModels(chain, [answer.model], learnedFrom);
}

export async function backFromJob(chain: Chain, job: string): Promise<void> {
  await followModels(chain, await sayJob(chain, job));
}

export async function backFromDataset(chain: Chain, dataset: string): Promise<void> {
  await followModels(chain, await sayDataset(chain, dataset));
}

/** More generations than any chain people can read. */
const MAX_MODELS = 20;

async function followModels(
  chain: Chain,
  models: readonly string[],
  first?: DatasetExampleRow,
): Promise<void> {
  const queue = [...new Set(models)];
  for (let index = 0; index < Math.min(queue.length, MAX_MODELS); index++) {
    const model = queue[index];
    if (model === undefined) continue;
    const further = await sayModel(chain, model, first);
    queue.push(...further.filter((candidate) => !queue.includes(candidate)));
  }
}

/** Each of these says a thing and what it was made from, and returns the models that had a part in it. */
async function sayModel(chain: Chain, model: string, first?: DatasetExampleRow): Promise<readonly string[]> {
  const row = await findModel(chain.db, chain.scope, model);
  if (row === undefined) {
    chain.say(baseModelLine('from', model));
    return [];
  }
  const jobs = await jobsOfModel(chain.db, chain.scope, model, chain.limit);
  chain.say(modelLine('from', row, jobs.at(-1)));
  const models: string[] = [];
  for (const job of jobs.reverse()) models.push(...(await sayJob(chain, job.id, first)));
  return models;
}

async function sayJob(chain: Chain, job: string, first?: DatasetExampleRow): Promise<readonly string[]> {
  const row = await findJob(chain.db, chain.scope, job);
  if (row === undefined) return [];
  chain.say(jobLine('from', row));
  return sayDataset(chain, row.dataset, first);
}

async function sayDataset(
  chain: Chain,
  dataset: string,
  first?: DatasetExampleRow,
): Promise<readonly string[]> {
  const row = await findDataset(chain.db, chain.scope, dataset);
  if (row === undefined) return [];
  if (!chain.say(datasetLine('from', row)) && chain.lines[0]?.id !== dataset) return [];
  const some = await examplesOf(chain.db, chain.scope, dataset, { after: 0, limit: chain.limit });
  const examples =
    first?.dataset === dataset ? [first, ...some.filter(({ line }) => line !== first.line)] : some;
  const models: string[] = [];
  for (const example of examples) models.push(...(await sayExample(chain, example)));
  const more = row.examples - examples.length;
  if (row.made === 'built' && more > 0) chain.say(moreLine('from', dataset, more, 'examples'));
  return models;
}

async function sayExample(
  chain: Chain,
  { answer, correction }: DatasetExampleRow,
): Promise<readonly string[]> {
  const given = correction === null ? undefined : await findCorrection(chain.db, chain.scope, correction);
  if (given !== undefined) chain.say(correctionLine('from', given));
  const row = await findAnswer(chain.db, chain.scope, answer);
  if (row === undefined) return [];
  chain.say(answerLine('from', row));
  return [row.model];
}
