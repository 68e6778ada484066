import { z } from 'zod';
import { complaint, complaintOf } from '../../domain/complaint.ts';
import { evaluationDecider, matches, scoreOf } from '../../domain/evaluation.ts';
import { ChatMessage } from '../../domain/examples.ts';
import { deriveId, shorten } from '../../domain/identifiers.ts';
import type { Words } from '../../domain/languages/languages.ts';
import type { TrainedModel } from '../../domain/model.ts';
import { Refusal } from '../../domain/refusal.ts';
import { streamName } from '../../domain/streams.ts';
import { MemberText } from '../../domain/text.ts';
import { findAnswer } from '../../projections/answers.ts';
import { findModel } from '../../projections/models.ts';
import type { AnswerRow } from '../../projections/tables.ts';
import { activeModel } from '../active-model.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { checkExpense } from '../expense.ts';
import { writeRest } from '../input.ts';
import { parseJsonText } from '../json-text.ts';
import { rest, Word } from '../options.ts';
import { predict } from '../processes/conversation.ts';
import { excerpt } from '../words.ts';

const MAX_CASES = 500;
/** As JSON, so that the messages of a question fit into one event with the answer, and all that was expected into another. */
const MAX_RECORDED_BYTES = 500_000;

const Text = z
  .custom<string>(
    (value) => typeof value === 'string',
    complaint((words) => words.complaints.notText),
  )
  .pipe(MemberText);
const Messages = z
  .array(ChatMessage.extend({ content: Text }))
  .min(1)
  .refine(
    (messages) => messages.at(-1)?.role === 'user',
    complaint((words) => words.complaints.lastNotFromUser),
  )
  .refine(
    isRecordable,
    complaint((words) => words.complaints.tooMuchText),
  );
const TestCase = z
  .strictObject({ prompt: Text.optional(), messages: Messages.optional(), expected: Text.optional() })
  .refine(
    ({ prompt, messages }) => (prompt === undefined) !== (messages === undefined),
    complaint((words) => words.complaints.noQuestion),
  )
  .transform(({ prompt, messages, expected }) => ({
    messages: messages ?? [{ role: 'user' as const, content: prompt ?? '' }],
    expected: expected ?? null,
  }));
const TestCaseList = z
  .array(TestCase)
  .refine(
    (cases) => cases.length > 0,
    complaint((words) => words.complaints.noQuestions),
  )
  .refine(
    (cases) => cases.length <= MAX_CASES,
    complaint((words) => words.complaints.tooManyQuestions(MAX_CASES)),
  )
  .refine(
    (cases) => isRecordable(cases.map(({ expected }) => expected)),
    complaint((words) => words.complaints.tooMuchExpected),
  );
type TestCase = z.infer<typeof TestCase>;

export const test = defineCommand({
  name: 'test',
  right: 'trainer',
  begins: ['PredictionMade', 'PredictionFailed'],
  options: z.object({
    cases: rest(Word),
  }),
  run: async (context, options) => {
    const { cause, services, words } = context;
    const cases = parseCases(options.cases);
    await checkExpense(context);
    const evaluation = deriveId(cause.commandId, 'evaluation');
    const tested = await testedModel(context);
    const results = [];
    for (const [index, testCase] of cases.entries())
      results.push(await runCase(context, tested, evaluation, index, testCase));
    const score = scoreOf(results.map(({ matched }) => matched));
    const run = {
      evaluation,
      ...tested,
      results: results.map(({ row, expected, matched }) => ({ answer: row.id, expected, matched })),
      score,
      heldOut: null,
    };
    await context.handle(streamName(cause.scope, 'evaluation', evaluation), evaluationDecider, run);
    return {
      text: [
        heading(evaluation, tested.model, results, words),
        ...results.flatMap((result, index) => describe(result, index, services.settings.prefix, words)),
      ].join('\n'),
      data: {
        evaluation,
        model: tested.model,
        score,
        results: results.map(({ row, expected, matched }) => ({
          answer: row.id,
          prompt: row.prompt,
          response: row.response,
          failure: row.failure,
          expected,
          matched,
        })),
      },
    };
  },
});

function isRecordable(value: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(value)) <= MAX_RECORDED_BYTES;
}

function parseCases(text: string): readonly TestCase[] {
  const json = parseJsonText(text);
  const parsed = (Array.isArray(json) ? TestCaseList : TestCase.transform((one) => [one])).safeParse(json);
  if (parsed.success) return parsed.data;
  const path = [...(parsed.error.issues[0]?.path ?? [])];
  const question = typeof path[0] === 'number' ? Number(path.shift()) + 1 : null;
  const field = path.length === 0 ? null : z.core.toDotPath(path);
  throw new Refusal((words) =>
    words.evaluations.unusable({ question, field, complaint: complaintOf(parsed.error)(words) }),
  );
}

interface Result {
  readonly row: AnswerRow;
  readonly expected: string | null;
  readonly matched: boolean | null;
}

/** Where the command was begun before, the model that the first question was put to: all are put to the same. */
async function testedModel({ services, cause, prior }: CommandContext): Promise<TrainedModel> {
  if (prior?.type !== 'PredictionMade' && prior?.type !== 'PredictionFailed') {
    return activeModel(services, cause.scope);
  }
  const { model } = prior.data;
  const row = await findModel(services.readModels.db, cause.scope, model);
  return { model, dataset: row?.dataset ?? null };
}

async function runCase(
  context: CommandContext,
  tested: TrainedModel,
  evaluation: string,
  index: number,
  { messages, expected }: TestCase,
): Promise<Result> {
  const { scope, commandId } = context.cause;
  const answer = deriveId(commandId, 'answer', index);
  const asked = messages.map((message) => ({ ...message, answer: null, correction: null }));
  await predict(context, tested, { answer, conversation: evaluation, evaluation, messages: asked });
  const row = await findAnswer(context.services.readModels.db, scope, answer);
  if (row === undefined) throw new Error(`the answer ${answer} is not in the read models`);
  const matched = expected === null ? null : row.response !== null && matches(expected, row.response);
  return { row, expected, matched };
}

function heading(evaluation: string, model: string, results: readonly Result[], words: Words): string {
  const judged = results.filter(({ matched }) => matched !== null);
  return words.evaluations.score({
    evaluation: shorten(evaluation),
    model: shorten(model),
    right: judged.filter(({ matched }) => matched).length,
    judged: judged.length,
  });
}

const marks = { true: '✓', false: '✗', null: '·' } as const;

function describe(
  { row, expected, matched }: Result,
  index: number,
  prefix: string,
  { evaluations: words }: Words,
): string[] {
  const answer = shorten(row.id);
  const got = row.response ?? words.failed(`${row.failure}`);
  const lines = [
    words.question({ number: index + 1, mark: marks[`${matched}`], prompt: excerpt(row.prompt), answer }),
    `   ${words.got(excerpt(got))}`,
  ];
  if (expected === null) return lines;
  lines.push(`   ${words.expected(excerpt(expected))}`);
  if (isDifference(row, matched))
    lines.push(`   ${words.toTeach({ prefix, answer, text: writeRest(expected) })}`);
  return lines;
}

/** A failed answer cannot be corrected, so it is no difference to learn from. */
function isDifference(row: AnswerRow, matched: boolean | null): boolean {
  return matched === false && row.response !== null;
}
