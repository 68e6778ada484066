import { shorten } from '../../domain/identifiers.ts';
import type {
  AnswerRow,
  CorrectionRow,
  DatasetRow,
  EvaluationRow,
  JobRow,
  ModelRow,
  PromotionRow,
} from '../../projections/tables.ts';
import { jobWords } from '../job-words.ts';
import { counted, excerpt } from '../words.ts';
import type { ChainLine, Direction } from './chain.ts';

export function answerLine(direction: Direction, row: AnswerRow): ChainLine {
  const { id, model, prompt, response, failure, actor, time } = row;
  const said = response === null ? `failed: ${failure?.replace(/\.$/, '')}` : `“${excerpt(response)}”`;
  const words = `answer ${shorten(id)} of model ${shorten(model)} to “${excerpt(prompt)}”: ${said}${learnedFrom(row)}, asked`;
  return { direction, kind: 'answer', id, words, who: actor, when: time };
}

function learnedFrom({ learned_dataset, learned_line, similarity }: AnswerRow): string {
  if (learned_dataset === null) return '';
  return `, taken from line ${learned_line} of dataset ${shorten(learned_dataset)} (similarity ${similarity?.toFixed(2)})`;
}

export function correctionLine(direction: Direction, row: CorrectionRow): ChainLine {
  const { id, answer, text, status, member, time } = row;
  const state = status === 'standing' ? '' : ` (${status.replace('_', ' ')})`;
  const words = `correction ${shorten(id)}${state} of answer ${shorten(answer)}: “${excerpt(text)}”, given`;
  return { direction, kind: 'correction', id, words, who: member, when: time };
}

export function datasetLine(direction: Direction, row: DatasetRow): ChainLine {
  const { id, examples, format, made, actor, time } = row;
  const words = `dataset ${shorten(id)} with ${counted(examples, 'example')} (${format}, SHA-256 ${id}), ${made}`;
  return { direction, kind: 'dataset', id, words, who: actor, when: time };
}

export function jobLine(direction: Direction, row: JobRow): ChainLine {
  const words = `${jobWords(row)}; requested`;
  return { direction, kind: 'job', id: row.id, words, who: row.actor, when: row.time };
}

/** @param job the one that trained it, requested by whoever is named with the model */
export function modelLine(direction: Direction, { id, time }: ModelRow, job: JobRow | undefined): ChainLine {
  const training = job === undefined ? '' : ` by job ${shorten(job.id)}`;
  const words = `model ${shorten(id)}, trained${training}, requested`;
  return { direction, kind: 'model', id, words, who: job?.actor ?? null, when: time };
}

export function baseModelLine(direction: Direction, id: string): ChainLine {
  return {
    direction,
    kind: 'model',
    id,
    words: `model ${shorten(id)}, before any training here`,
    who: null,
    when: null,
  };
}

export function promotionLine(direction: Direction, row: PromotionRow): ChainLine {
  const { event, change, model, previous, reason, actor, time } = row;
  const why = reason === null ? '' : `, because: ${excerpt(reason)}`;
  const words =
    change === 'promoted'
      ? `model ${shorten(model)} was promoted in place of ${shorten(previous)}${why},`
      : `model ${shorten(model)} came back in place of ${shorten(previous)}${why},`;
  return { direction, kind: 'promotion', id: event, words, who: actor, when: time };
}

export function evaluationLine(direction: Direction, row: EvaluationRow): ChainLine {
  const { id, model, score, actor, time } = row;
  const outcome = score === null ? '' : `, score ${score.toFixed(2)}`;
  return {
    direction,
    kind: 'evaluation',
    id,
    words: `evaluation ${shorten(id)} of model ${shorten(model)}${outcome}, run`,
    who: actor,
    when: time,
  };
}

/** @param of the thing whose further parts are not shown */
export function moreLine(direction: Direction, of: string, more: number, things: string): ChainLine {
  return {
    direction,
    kind: 'more',
    id: `${things} ${of}`,
    words: `… and ${more} more ${things}`,
    who: null,
    when: null,
  };
}
