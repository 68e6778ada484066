import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { CorrectionStatus } from '../domain/answer.ts';
import type { Recorded } from '../domain/events.ts';
import { ANY_ORDINAL, type Viewpoint } from './page.ts';
import type { Projection } from './projection.ts';
import type {
  AnswerRow,
  CorrectionRow,
  EvaluationRow,
  FeedbackRow,
  ModelAnswersRow,
  StoredTables,
  Tables,
  VerdictRow,
  WaitingRow,
} from './tables.ts';

/** Answers with what people said of them, and evaluations, which are made of answers. */
export const answersProjection: Projection = {
  name: 'answers',
  version: 3,
  prepare(statements) {
    const addAnswer = statements.append('answers');
    const addCorrection = statements.append('corrections');
    const addWaiting = statements.insert('waiting');
    const endWaiting = statements.change<Pick<WaitingRow, 'scope' | 'correction'>>(
      (query, { scope, correction }) =>
        query.deleteFrom('waiting').where('scope', '=', scope).where('correction', '=', correction),
    );
    const addFeedback = statements.append('feedback');
    const insertEvaluation = statements.insert('evaluations');
    const addVerdict = statements.append('verdicts');
    const addToCount = statements.change<ModelAnswersRow>((query, { scope, model, answers }) =>
      query
        .insertInto('model_answers')
        .values({ scope, model, answers })
        .onConflict((conflict) =>
          conflict
            .columns(['scope', 'model'])
            .doUpdateSet({ answers: sql<number>`answers + ${sql.ref('excluded.answers')}` }),
        ),
    );
    const given = new AnswerCounts();

    function decide(verdict: VerdictRow): void {
      addVerdict(verdict);
      endWaiting(verdict);
    }

    return {
      take(event, ordinal) {
        const { scope } = event.metadata;
        switch (event.type) {
          case 'PredictionMade':
            addAnswer(answerRow(event, ordinal));
            given.add(scope, event.data.model);
            break;
          case 'PredictionFailed':
            addAnswer(failureRow(event, ordinal));
            break;
          case 'CorrectionGiven':
            addCorrection(correctionRow(event, ordinal));
            if (event.data.review === 'required') addWaiting(waitingRow(event, ordinal));
            break;
          case 'CorrectionApproved': {
            const { text, question } = event.data;
            decide({ ...verdictRow(event, ordinal, 'standing'), text, question });
            break;
          }
          case 'CorrectionRejected':
            decide(verdictRow(event, ordinal, 'rejected'));
            break;
          case 'CorrectionWithdrawn':
            decide(verdictRow(event, ordinal, 'withdrawn'));
            break;
          case 'FeedbackGiven':
            addFeedback(feedbackRow(event, ordinal));
            break;
          case 'EvaluationRun':
            insertEvaluation(evaluationRow(event, ordinal));
            break;
        }
      },
      finish() {
        for (const counted of given.drain()) addToCount(counted);
      },
    };
  },
};

/** Counted a batch at a time: a statement for each answer would be felt in a rebuild. */
class AnswerCounts {
  readonly #scopes = new Map<string, Map<string, number>>();

  add(scope: string, model: string): void {
    let models = this.#scopes.get(scope);
    if (models === undefined) {
      models = new Map();
      this.#scopes.set(scope, models);
    }
    models.set(model, (models.get(model) ?? 0) + 1);
  }

  *drain(): Generator<ModelAnswersRow> {
    for (const [scope, models] of this.#scopes)
      for (const [model, answers] of models) yield { scope, model, answers };
    this.#scopes.clear();
  }
}

function answerRow(event: Recorded<'PredictionMade'>, ordinal: number): AnswerRow {
  const { response, abstained, dataset, learnedFrom, latencyMs, notes } = event.data;
  return {
    ...promptedRow(event, ordinal),
    response,
    abstained: abstained ? 1 : 0,
    failure: null,
    dataset,
    learned_dataset: learnedFrom?.dataset ?? null,
    learned_line: learnedFrom?.line ?? null,
    similarity: learnedFrom?.similarity ?? null,
    latency_ms: latencyMs,
    notes: notes.length === 0 ? null : JSON.stringify(notes),
  };
}

function failureRow(event: Recorded<'PredictionFailed'>, ordinal: number): AnswerRow {
  return {
    ...promptedRow(event, ordinal),
    response: null,
    abstained: 0,
    failure: event.data.reason,
    dataset: null,
    learned_dataset: null,
    learned_line: null,
    similarity: null,
    latency_ms: null,
    notes: null,
  };
}

function promptedRow(
  { id: event, data, metadata }: Recorded<'PredictionMade'> | Recorded<'PredictionFailed'>,
  ordinal: number,
) {
  const { answer: id, conversation, evaluation, messages, model } = data;
  const { scope, channel, actor, origin, time } = metadata;
  const prompt = messages.at(-1)?.content ?? '';
  return {
    id,
    ordinal,
    event,
    scope,
    channel,
    conversation,
    evaluation,
    actor,
    origin,
    time,
    prompt,
    model,
  };
}

function correctionRow(
  { id: event, data, metadata }: Recorded<'CorrectionGiven'>,
  ordinal: number,
): StoredTables['corrections'] {
  const { correction: id, answer, member, text, question, review } = data;
  const { scope, channel, origin, time } = metadata;
  const given_status = review === 'required' ? 'awaiting_review' : 'standing';
  return { id, answer, ordinal, event, scope, channel, member, origin, time, text, question, given_status };
}

function waitingRow({ data, metadata }: Recorded<'CorrectionGiven'>, ordinal: number): WaitingRow {
  const { answer, correction } = data;
  return { ordinal, scope: metadata.scope, answer, correction };
}

function verdictRow(
  event: Recorded<'CorrectionApproved'> | Recorded<'CorrectionRejected'> | Recorded<'CorrectionWithdrawn'>,
  ordinal: number,
  status: CorrectionStatus,
): VerdictRow {
  const { scope, actor: member } = event.metadata;
  const { correction } = event.data;
  return { ordinal, scope, correction, status, member, text: null, question: null };
}

function feedbackRow({ id: event, data, metadata }: Recorded<'FeedbackGiven'>, ordinal: number): FeedbackRow {
  const { scope, time } = metadata;
  const { answer, member, rating, remark } = data;
  return { ordinal, event, scope, answer, member, rating, remark, time };
}

function evaluationRow(
  { id: event, data, metadata }: Recorded<'EvaluationRun'>,
  ordinal: number,
): EvaluationRow {
  const { evaluation: id, model, dataset, score, results, heldOut } = data;
  const { scope, channel, actor, time } = metadata;
  return {
    id,
    ordinal,
    event,
    scope,
    channel,
    actor,
    time,
    model,
    dataset,
    score,
    results: JSON.stringify(results),
    held_out: heldOut === null ? null : JSON.stringify(heldOut),
  };
}

export async function findAnswer(
  db: Kysely<Tables>,
  scope: string,
  id: string,
): Promise<AnswerRow | undefined> {
  return db
    .selectFrom('answers')
    .selectAll()
    .where('scope', '=', scope)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** In the order in which they were given. */
export async function correctionsOf(
  db: Kysely<Tables>,
  scope: string,
  answer: string,
): Promise<CorrectionRow[]> {
  return db
    .selectFrom('corrections')
    .selectAll()
    .where('scope', '=', scope)
    .where('answer', '=', answer)
    .orderBy('ordinal')
    .execute();
}

/** The one that counts: the last given of those that stand. */
export async function standingCorrection(
  db: Kysely<Tables>,
  scope: string,
  answer: string,
): Promise<CorrectionRow | undefined> {
  return db
    .selectFrom('corrections')
    .selectAll()
    .where('scope', '=', scope)
    .where('answer', '=', answer)
    .where('status', '=', 'standing')
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function findCorrection(
  db: Kysely<Tables>,
  scope: string,
  id: string,
): Promise<CorrectionRow | undefined> {
  return db
    .selectFrom('corrections')
    .selectAll()
    .where('scope', '=', scope)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** An answer with corrections that wait for review. */
export interface AnswerInReview {
  readonly answer: string;
  /** Of its oldest correction that waits: what the queue is ordered by. */
  readonly ordinal: number;
}

/** The answers with corrections that wait for review, the one that has waited longest first. @param page `after` is an ordinal, exclusive */
export async function reviewQueue(
  db: Kysely<Tables>,
  scope: string,
  { after, limit }: { readonly after: number | null; readonly limit: number },
): Promise<AnswerInReview[]> {
  return db
    .selectFrom('waiting as w')
    .select(['w.answer', 'w.ordinal'])
    .where('w.scope', '=', scope)
    .where('w.ordinal', '>', after ?? 0)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('waiting as earlier')
            .select('earlier.ordinal')
            .where('earlier.scope', '=', scope)
            .whereRef('earlier.answer', '=', 'w.answer')
            .whereRef('earlier.ordinal', '<', 'w.ordinal'),
        ),
      ),
    )
    .orderBy('w.ordinal')
    .limit(limit)
    .execute();
}

/** The corrections of an answer that wait for review, the oldest first. */
export async function waitingCorrections(
  db: Kysely<Tables>,
  scope: string,
  answer: string,
): Promise<CorrectionRow[]> {
  return db
    .selectFrom('corrections')
    .selectAll()
    .where('scope', '=', scope)
    .where('answer', '=', answer)
    .where('status', '=', 'awaiting_review')
    .orderBy('ordinal')
    .execute();
}

export async function countWaiting(db: Kysely<Tables>, scope: string): Promise<number> {
  const row = await db
    .selectFrom('waiting')
    .select(({ fn }) => fn.countAll<number>().as('corrections'))
    .where('scope', '=', scope)
    .executeTakeFirstOrThrow();
  return row.corrections;
}

/** In the order in which it was given. */
export async function feedbackOf(db: Kysely<Tables>, scope: string, answer: string): Promise<FeedbackRow[]> {
  return db
    .selectFrom('feedback')
    .selectAll()
    .where('scope', '=', scope)
    .where('answer', '=', answer)
    .orderBy('ordinal')
    .execute();
}

/** A question, its answer, and what the answer should have been. */
export interface Turn {
  readonly answer: AnswerRow;
  readonly correction: CorrectionRow | null;
}

/**
 * The newest turns of a conversation, the oldest first. Questions without an answer are left out, and those
 * that the model had no answer to, unless somebody gave one.
 */
export async function recentTurns(
  db: Kysely<Tables>,
  { scope, channel, conversation, before, limit }: Viewpoint & { conversation: string; limit: number },
): Promise<Turn[]> {
  const answers = await db
    .selectFrom('answers as a')
    .selectAll()
    .where('scope', '=', scope)
    .where('conversation', '=', conversation)
    .where('channel', '=', channel)
    .where('evaluation', 'is', null)
    .where('response', 'is not', null)
    .where('ordinal', '<', before ?? ANY_ORDINAL)
    .where((where) =>
      where.or([
        where('abstained', '=', 0),
        where.exists(
          where
            .selectFrom('corrections as c')
            .select('c.ordinal')
            .where('c.scope', '=', scope)
            .whereRef('c.answer', '=', 'a.id')
            .where('c.status', '=', 'standing'),
        ),
      ]),
    )
    .orderBy('ordinal', 'desc')
    .limit(limit)
    .execute();
  const turns: Turn[] = [];
  for (const answer of answers.reverse()) {
    turns.push({ answer, correction: (await standingCorrection(db, scope, answer.id)) ?? null });
  }
  return turns;
}

/** The newest question of a channel, whatever came of it; an evaluation's are not meant. */
export async function latestAnswer(
  db: Kysely<Tables>,
  { scope, channel, before }: Viewpoint,
): Promise<AnswerRow | undefined> {
  return db
    .selectFrom('answers')
    .selectAll()
    .where('scope', '=', scope)
    .where('channel', '=', channel)
    .where('evaluation', 'is', null)
    .where('ordinal', '<', before ?? ANY_ORDINAL)
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** A thing as it is offered to somebody who looks for it: the beginning of its text is enough. */
export interface Offered {
  readonly id: string;
  readonly excerpt: string;
}

const OFFERED_LENGTH = 300;

/** The newest questions, the newest first; an evaluation's are not meant. @param place of all channels where its channel is null */
export async function newestAnswers(
  db: Kysely<Tables>,
  {
    scope,
    channel,
    limit,
  }: { readonly scope: string; readonly channel: string | null; readonly limit: number },
): Promise<Offered[]> {
  let query = db
    .selectFrom('answers')
    .select(['id', sql<string>`substr(prompt, 1, ${sql.lit(OFFERED_LENGTH)})`.as('excerpt')])
    .where('scope', '=', scope)
    .where('evaluation', 'is', null);
  if (channel !== null) query = query.where('channel', '=', channel);
  return query.orderBy('ordinal', 'desc').limit(limit).execute();
}

/** The newest corrections, the newest first. @param place of all channels where its channel is null */
export async function newestCorrections(
  db: Kysely<Tables>,
  {
    scope,
    channel,
    limit,
  }: { readonly scope: string; readonly channel: string | null; readonly limit: number },
): Promise<Offered[]> {
  let query = db
    .selectFrom('corrections')
    .select(['id', sql<string>`substr(text, 1, ${sql.lit(OFFERED_LENGTH)})`.as('excerpt')])
    .where('scope', '=', scope);
  if (channel !== null) query = query.where('channel', '=', channel);
  return query.orderBy('ordinal', 'desc').limit(limit).execute();
}

/** The answers with these ids, wherever they were given. */
export async function answersOffered(
  db: Kysely<Tables>,
  scope: string,
  ids: readonly string[],
): Promise<Offered[]> {
  return db
    .selectFrom('answers')
    .select(['id', sql<string>`substr(prompt, 1, ${sql.lit(OFFERED_LENGTH)})`.as('excerpt')])
    .where('scope', '=', scope)
    .where('id', 'in', ids)
    .execute();
}

/** The corrections with these ids, wherever they were given. */
export async function correctionsOffered(
  db: Kysely<Tables>,
  scope: string,
  ids: readonly string[],
): Promise<Offered[]> {
  return db
    .selectFrom('corrections')
    .select(['id', sql<string>`substr(text, 1, ${sql.lit(OFFERED_LENGTH)})`.as('excerpt')])
    .where('scope', '=', scope)
    .where('id', 'in', ids)
    .execute();
}

/** The answers in a channel that somebody corrected and can take that back, the latest correction first. */
export async function newestCorrectedBy(
  db: Kysely<Tables>,
  { scope, channel, member, limit }: Record<'scope' | 'channel' | 'member', string> & { limit: number },
): Promise<Offered[]> {
  const rows = await db
    .selectFrom('corrections')
    .select(['answer', 'member', 'status'])
    .where('scope', '=', scope)
    .where('channel', '=', channel)
    .orderBy('ordinal', 'desc')
    .limit(limit)
    .execute();
  const own = rows.filter(
    (row) => row.member === member && (row.status === 'standing' || row.status === 'awaiting_review'),
  );
  const ids = [...new Set(own.map(({ answer }) => answer))];
  const answers = new Map((await answersOffered(db, scope, ids)).map((answer) => [answer.id, answer]));
  return ids.flatMap((id) => answers.get(id) ?? []);
}

/** Those that wait for review, the oldest first. */
export async function oldestWaiting(db: Kysely<Tables>, scope: string, limit: number): Promise<Offered[]> {
  return db
    .selectFrom('waiting as w')
    .innerJoin('corrections as c', 'c.ordinal', 'w.ordinal')
    .select(['c.id', sql<string>`substr(c.text, 1, ${sql.lit(OFFERED_LENGTH)})`.as('excerpt')])
    .where('w.scope', '=', scope)
    .where('c.scope', '=', scope)
    .orderBy('w.ordinal')
    .limit(limit)
    .execute();
}

/** What a model answered, the newest first. */
export async function answersOfModel(
  db: Kysely<Tables>,
  scope: string,
  model: string,
  limit: number,
): Promise<AnswerRow[]> {
  return db
    .selectFrom('answers')
    .selectAll()
    .where('scope', '=', scope)
    .where('model', '=', model)
    .where('failure', 'is', null)
    .orderBy('ordinal', 'desc')
    .limit(limit)
    .execute();
}

/** How many answers `answersOfModel` has to give. */
export async function countAnswersOfModel(db: Kysely<Tables>, scope: string, model: string): Promise<number> {
  const row = await db
    .selectFrom('model_answers')
    .select('answers')
    .where('scope', '=', scope)
    .where('model', '=', model)
    .executeTakeFirst();
  return row?.answers ?? 0;
}

export async function findEvaluation(
  db: Kysely<Tables>,
  scope: string,
  id: string,
): Promise<EvaluationRow | undefined> {
  return db
    .selectFrom('evaluations')
    .selectAll()
    .where('scope', '=', scope)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** What a model was tested with, the newest first. */
export async function evaluationsOf(
  db: Kysely<Tables>,
  scope: string,
  model: string,
): Promise<EvaluationRow[]> {
  return db
    .selectFrom('evaluations')
    .selectAll()
    .where('scope', '=', scope)
    .where('model', '=', model)
    .orderBy('ordinal', 'desc')
    .execute();
}

/** Those that compared it with the active model, the newest first. */
export async function comparisonsOf(
  db: Kysely<Tables>,
  scope: string,
  model: string,
): Promise<(EvaluationRow & { held_out: string })[]> {
  const rows = await evaluationsOf(db, scope, model);
  return rows.flatMap(({ held_out, ...row }) => (held_out === null ? [] : [{ ...row, held_out }]));
}

/** In the order in which they were asked, failures included. */
export async function answersOfEvaluation(
  db: Kysely<Tables>,
  scope: string,
  evaluation: string,
): Promise<AnswerRow[]> {
  return db
    .selectFrom('answers')
    .selectAll()
    .where('scope', '=', scope)
    .where('evaluation', '=', evaluation)
    .orderBy('ordinal')
    .execute();
}
