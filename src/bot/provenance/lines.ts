import { HeldOutComparison } from '../../domain/events.ts';
import { shorten } from '../../domain/identifiers.ts';
import type { Words } from '../../domain/languages/languages.ts';
import type { InWords } from '../../domain/refusal.ts';
import type {
  AnswerRow,
  CorrectionRow,
  DatasetRow,
  EvaluationRow,
  FeedbackRow,
  JobRow,
  ModelRow,
  PromotionRow,
  UtteranceRow,
} from '../../projections/tables.ts';
import { jobWords } from '../job-words.ts';
import type { Written } from '../shown-texts.ts';
import { excerpt, shownSeconds } from '../words.ts';
import type { ChainLine, Direction } from './chain.ts';

export function answerLine(direction: Direction, row: AnswerRow): ChainLine {
  const { id, model, prompt, response, failure, actor, time } = row;
  const quoting = quotes(row, ({ provenance }, quote) =>
    provenance.answer({
      answer: shorten(id),
      model: shorten(model),
      question: quote(prompt),
      response:
        response === null ? { failure: failure?.replace(/\.$/, '') ?? '' } : { said: quote(response) },
      learnedFrom: learnedFrom(row),
    }),
  );
  return { direction, kind: 'answer', id, ...quoting, who: actor, when: time };
}

/** @param channel where it was said */
export function utteranceLine(direction: Direction, row: UtteranceRow, channel: string): ChainLine {
  const { id, text, heard, duration_ms, sha256, member, time } = row;
  const quoting = quotes({ channel, actor: member }, ({ provenance }, quote) =>
    provenance.utterance({ text: quote(text), heard, seconds: shownSeconds(duration_ms), sha256 }),
  );
  return { direction, kind: 'utterance', id, ...quoting, who: member, when: time };
}

/** @param channel where it was given */
export function feedbackLine(row: FeedbackRow, channel: string): ChainLine {
  const { event, answer, rating, remark, member, time } = row;
  const on = { answer: answer === null ? null : shorten(answer) };
  const quoting = quotes({ channel, actor: member }, ({ provenance }, quote) =>
    provenance.feedback(rating === null ? { ...on, remark: quote(remark ?? '') } : { ...on, rating }),
  );
  return { direction: 'to', kind: 'feedback', id: event, ...quoting, who: member, when: time };
}

/** The line as it is, and without the words of whoever wrote them. */
function quotes(
  { channel, actor }: Written,
  say: (words: Words, quote: (text: string) => string) => string,
): Required<Pick<ChainLine, 'words' | 'quoted'>> {
  const withheld: InWords = (words) => say(words, () => words.history.elsewhere);
  return { words: (words) => say(words, (text) => excerpt(text)), quoted: { channel, actor, withheld } };
}

function learnedFrom({ learned_dataset, learned_line, similarity }: AnswerRow) {
  if (learned_dataset === null || learned_line === null || similarity === null) return null;
  return { line: learned_line, dataset: shorten(learned_dataset), similarity: similarity.toFixed(2) };
}

export function correctionLine(direction: Direction, row: CorrectionRow): ChainLine {
  const { id, answer, channel, text, question, editor, status, member, time } = row;
  const quoting = quotes({ channel, actor: member }, ({ provenance }, quote) =>
    provenance.correction({
      correction: shorten(id),
      answer: shorten(answer),
      text: quote(text),
      question: question === null ? null : quote(question),
      editor,
      status,
    }),
  );
  return { direction, kind: 'correction', id, ...quoting, who: member, when: time };
}

export function datasetLine(direction: Direction, row: DatasetRow): ChainLine {
  const { id, examples, format, made, actor, time } = row;
  const words: InWords = ({ provenance }) =>
    provenance.dataset({ dataset: shorten(id), sha256: id, examples, format, made });
  return { direction, kind: 'dataset', id, words, who: actor, when: time };
}

export function jobLine(direction: Direction, row: JobRow): ChainLine {
  const words = (words: Words) => words.provenance.job(jobWords(row, words));
  return { direction, kind: 'job', id: row.id, words, who: row.actor, when: row.time };
}

/** @param job the one that trained it, requested by whoever is named with the model */
export function modelLine(direction: Direction, { id, time }: ModelRow, job: JobRow | undefined): ChainLine {
  const words: InWords = ({ provenance }) =>
    provenance.model({ model: shorten(id), job: job === undefined ? null : shorten(job.id) });
  return { direction, kind: 'model', id, words, who: job?.actor ?? null, when: time };
}

export function baseModelLine(direction: Direction, id: string): ChainLine {
  return {
    direction,
    kind: 'model',
    id,
    words: ({ provenance }) => provenance.baseModel(shorten(id)),
    who: null,
    when: null,
  };
}

export function promotionLine(direction: Direction, row: PromotionRow): ChainLine {
  const { event, change, model, previous, reason, evaluation, actor, time } = row;
  const words: InWords = ({ provenance }) =>
    provenance.promotion({
      change,
      model: shorten(model),
      previous: shorten(previous),
      reason: reason === null ? null : excerpt(reason),
      evaluation: evaluation === null ? null : shorten(evaluation),
    });
  return { direction, kind: 'promotion', id: event, words, who: actor, when: time };
}

export function evaluationLine(direction: Direction, row: EvaluationRow): ChainLine {
  const { id, model, score, held_out, actor, time } = row;
  const heldOut = held_out === null ? null : HeldOutComparison.parse(JSON.parse(held_out));
  return {
    direction,
    kind: 'evaluation',
    id,
    words: ({ provenance, evaluations }) =>
      provenance.evaluation({
        evaluation: shorten(id),
        model: shorten(model),
        score: score === null ? null : score.toFixed(2),
        heldOut: heldOut && {
          examples: heldOut.examples,
          dataset: shorten(heldOut.dataset),
          score: evaluations.share(heldOut.nearness),
          active: shorten(heldOut.active.model),
          activeScore: evaluations.share(heldOut.active.nearness),
        },
      }),
    who: actor,
    when: time,
  };
}

type Things = Parameters<Words['provenance']['more']>[0]['of'];

/** @param of the thing whose further parts are not shown */
export function moreLine(direction: Direction, of: string, more: number, things: Things): ChainLine {
  return {
    direction,
    kind: 'more',
    id: `${things} ${of}`,
    words: ({ provenance }) => provenance.more({ count: more, of: things }),
    who: null,
    when: null,
  };
}
