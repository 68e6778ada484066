import { evaluationDecider, matches, nearness, scoreOf } from '../../domain/evaluation.ts';
import type { HeldOutComparison } from '../../domain/events.ts';
import { deriveId, shorten } from '../../domain/identifiers.ts';
import type { TrainedModel } from '../../domain/model.ts';
import { Refusal } from '../../domain/refusal.ts';
import { streamName } from '../../domain/streams.ts';
import { findAnswer } from '../../projections/answers.ts';
import { findDataset } from '../../projections/datasets.ts';
import type { AnswerRow } from '../../projections/tables.ts';
import type { CommandContext } from '../command.ts';
import { type HeldOutExample, heldOutExamples } from '../held-out-examples.ts';
import { recoverDataset } from '../lost-content.ts';
import { predict } from './conversation.ts';

/** More would cost much and tell little. */
const MAX_QUESTIONS = 100;
/** A server can answer several at the same time. */
const AT_ONCE = 4;

export interface Evaluated extends HeldOutComparison {
  readonly evaluation: string;
  /** How many of the examples were asked. */
  readonly asked: number;
}

/**
 * Asks a model what was held out of its training, and the active model the same, and records how both did.
 * @throws Refusal where nothing was held out
 */
export async function evaluateHeldOut(
  context: CommandContext,
  candidate: TrainedModel,
  active: TrainedModel,
): Promise<Evaluated> {
  const { commandId, scope } = context.cause;
  const { dataset, examples } = await examplesFor(context, candidate);
  const asked = evenlySpread(examples, MAX_QUESTIONS);
  const evaluation = deriveId(commandId, 'evaluation');
  const rivals = active.model === candidate.model ? [candidate] : [candidate, active];
  const questions = asked.flatMap((example, index) =>
    rivals.map((model) => ({ model, example, answer: deriveId(commandId, 'answer', model.model, index) })),
  );
  const [first, ...others] = questions;
  // What is recorded first says which model is evaluated, to whoever carries the command out again.
  const ask = (question: Question) => answerTo(context, evaluation, question);
  const rows = [...(first === undefined ? [] : [await ask(first)]), ...(await severalAtOnce(others, ask))];
  const of = ({ model }: TrainedModel) =>
    asked.map(({ expected }, index) => {
      const row = rows.find(({ id }) => id === deriveId(commandId, 'answer', model, index));
      const response = row?.response ?? null;
      return {
        answer: row?.id ?? '',
        // It stands in the dataset, and is not in the words of whoever asks.
        expected: null,
        matched: response !== null && matches(expected, response),
        nearness: response === null ? 0 : nearness(expected, response),
      };
    });
  const results = of(candidate);
  const heldOut: HeldOutComparison = {
    dataset,
    examples: examples.length,
    nearness: mean(results.map((result) => result.nearness)),
    active: { model: active.model, nearness: mean(of(active).map((result) => result.nearness)) },
  };
  await context.handle(streamName(scope, 'evaluation', evaluation), evaluationDecider, {
    evaluation,
    ...candidate,
    results: results.map(({ answer, expected, matched }) => ({ answer, expected, matched })),
    score: scoreOf(results.map(({ matched }) => matched)),
    heldOut,
  });
  return { evaluation, asked: asked.length, ...heldOut };
}

async function examplesFor(
  { services, cause }: CommandContext,
  { model, dataset }: TrainedModel,
): Promise<{ readonly dataset: string; readonly examples: readonly HeldOutExample[] }> {
  const row = dataset === null ? undefined : await findDataset(services.readModels.db, cause.scope, dataset);
  if (row === undefined) {
    throw new Refusal(({ evaluations }) => evaluations.notTrainedHere(shorten(model)));
  }
  await recoverDataset(services, row);
  const examples = await heldOutExamples(services.vault, row);
  if (examples.length > 0) return { dataset: row.id, examples };
  throw new Refusal(({ evaluations }) =>
    evaluations.nothingHeldOut({ model: shorten(model), dataset: shorten(row.id) }),
  );
}

interface Question {
  readonly model: TrainedModel;
  readonly example: HeldOutExample;
  readonly answer: string;
}

/** What was answered before the program was ended is not asked again. */
async function answerTo(
  context: CommandContext,
  evaluation: string,
  { model, example, answer }: Question,
): Promise<AnswerRow> {
  const find = () => findAnswer(context.services.readModels.db, context.cause.scope, answer);
  const known = await find();
  if (known !== undefined) return known;
  await predict(context, model, {
    answer,
    conversation: evaluation,
    evaluation,
    messages: example.messages,
  });
  const row = await find();
  if (row === undefined) throw new Error(`the answer ${answer} is not in the read models`);
  return row;
}

async function severalAtOnce<One, Result>(
  all: readonly One[],
  work: (one: One) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = all.values();
  const lane = async () => {
    for (const one of queue) results.push(await work(one));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

function evenlySpread<One>(all: readonly One[], most: number): readonly One[] {
  if (all.length <= most) return all;
  return all.filter(
    (_, index) => Math.floor((index * most) / all.length) !== Math.floor(((index - 1) * most) / all.length),
  );
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
