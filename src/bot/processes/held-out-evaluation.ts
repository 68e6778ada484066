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
 * @throws Refusal where nothing was held out, or a question was left unanswered: what failed says nothing of a model
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
  const responses = await responsesTo(context, evaluation, questions);
  const of = ({ model }: TrainedModel) =>
    questions
      .filter((question) => question.model.model === model)
      .map(({ answer, example: { expected } }) => {
        const response = responses.get(answer) ?? '';
        return {
          answer,
          // It stands in the dataset, and is not in the words of whoever asks.
          expected: null,
          matched: matches(expected, response),
          nearness: nearness(expected, response),
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

interface Answer {
  readonly row: AnswerRow;
  /** Why there is none, where that was found out just now. */
  readonly refusal: Refusal | null;
}

/**
 * By the ids of the answers. What was answered before the program was ended is not asked again, and after a question
 * that was left unanswered no other is asked: a server that is away would be waited for again and again.
 * @throws Refusal where a question was left unanswered
 */
async function responsesTo(
  context: CommandContext,
  evaluation: string,
  questions: readonly Question[],
): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, Answer>();
  if (context.prior !== null) {
    for (const { answer } of questions) {
      const row = await rowOf(context, answer);
      if (row !== undefined) answers.set(answer, { row, refusal: null });
    }
  }
  const [first, ...others] = questions.filter(({ answer }) => !answers.has(answer));
  const isOver = () => [...answers.values()].some(({ row }) => row.response === null);
  const ask = async (question: Question) => {
    answers.set(question.answer, await answerTo(context, evaluation, question));
  };
  // What is recorded first says which model is evaluated, to whoever carries the command out again.
  if (first !== undefined && !isOver()) await ask(first);
  await severalAtOnce(others, ask, isOver);
  return new Map(questions.map(({ answer }) => [answer, responseIn(answers, answer)]));
}

/** @throws Refusal where there is none */
function responseIn(answers: ReadonlyMap<string, Answer>, answer: string): string {
  const response = answers.get(answer)?.row.response;
  if (typeof response === 'string') return response;
  const failed = [...answers.values()].find(({ row }) => row.response === null);
  if (failed === undefined) throw new Error(`the answer ${answer} was not asked for`);
  const { model, failure } = failed.row;
  const asked = [...answers.values()].filter(({ row }) => row.model === model);
  throw new Refusal((words) =>
    words.evaluations.unanswered({
      model: shorten(model),
      unanswered: asked.filter(({ row }) => row.response === null).length,
      asked: asked.length,
      reason: failed.refusal?.inWords(words) ?? failure ?? '',
    }),
  );
}

async function answerTo(
  context: CommandContext,
  evaluation: string,
  { model, example, answer }: Question,
): Promise<Answer> {
  const refusal = await predict(context, model, {
    answer,
    conversation: evaluation,
    evaluation,
    messages: example.messages,
  });
  const row = await rowOf(context, answer);
  if (row === undefined) throw new Error(`the answer ${answer} is not in the read models`);
  return { row, refusal };
}

function rowOf({ services, cause }: CommandContext, answer: string): Promise<AnswerRow | undefined> {
  return findAnswer(services.readModels.db, cause.scope, answer);
}

async function severalAtOnce<One>(
  all: readonly One[],
  work: (one: One) => Promise<void>,
  isOver: () => boolean,
): Promise<void> {
  const queue = all.values();
  const lane = async () => {
    while (!isOver()) {
      const { value, done } = queue.next();
      if (done === true) return;
      await work(value);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
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
