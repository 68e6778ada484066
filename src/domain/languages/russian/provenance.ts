import type { Words } from '../words.ts';
import { actorName } from './actors.ts';
import { form, plural } from './plural.ts';

type Things = Parameters<Words['provenance']['more']>[0]['of'];

const statuses = {
  standing: '',
  awaiting_review: ' (ждёт рассмотрения)',
  rejected: ' (отклонено)',
  withdrawn: ' (отозвано)',
} as const;
const made = { built: 'собран из журнала', selected: 'взят из файлов' } as const;
const things: Readonly<Record<Things, readonly [one: string, few: string, many: string]>> = {
  examples: ['пример', 'примера', 'примеров'],
  datasets: ['набор данных', 'набора данных', 'наборов данных'],
  answers: ['ответ', 'ответа', 'ответов'],
  'ratings and remarks': ['оценка или замечание', 'оценки и замечания', 'оценок и замечаний'],
};

export const provenance: Words['provenance'] = {
  line: ({ what, who, when }) => {
    const by = [who && actorName(who), when].filter((part) => part !== null).join(', ');
    return by === '' ? what : `${what} (${by})`;
  },
  answer: ({ answer, model, question, response, learnedFrom }) => {
    const said = 'said' in response ? `«${response.said}»` : `не получен: ${response.failure}`;
    const taken =
      learnedFrom === null
        ? ''
        : `, взят из строки ${learnedFrom.line} набора данных ${learnedFrom.dataset} (сходство ${learnedFrom.similarity})`;
    return `ответ ${answer} модели ${model} на «${question}»: ${said}${taken}`;
  },
  utterance: ({ text, heard, seconds, sha256 }) =>
    `«${text}», записано с ${heard === 'file' ? 'записи' : 'голосового канала'}, ${seconds} с (SHA-256 ${sha256}), сказано`,
  correction: ({ correction, answer, text, question, editor, status }) => {
    const asked = question === null ? '' : ` к вопросу «${question}»`;
    const edited = editor === null ? '' : `, в редакции ${editor}`;
    return `исправление ${correction}${statuses[status]} ответа ${answer}: «${text}»${asked}${edited}`;
  },
  dataset: ({ dataset, sha256, examples, format, made: how }) =>
    `набор данных ${dataset}: ${plural(examples, 'пример', 'примера', 'примеров')}, ${format}, SHA-256 ${sha256}, ${made[how]}`,
  job: (job) => job,
  model: ({ model, job }) => `модель ${model}, обучена${job === null ? '' : ` по заданию ${job}`}`,
  baseModel: (model) => `модель ${model}, до всякого обучения здесь`,
  promotion: ({ change, model, previous, reason, evaluation }) =>
    `модель ${model} ${change === 'promoted' ? 'назначена' : 'вернулась'} вместо ${previous}${evaluation === null ? '' : ` после проверки ${evaluation}`}${reason === null ? '' : `, причина: ${reason}`}`,
  evaluation: ({ evaluation, model, score, heldOut }) => {
    if (heldOut === null)
      return `проверка ${evaluation} модели ${model}${score === null ? '' : `, доля верных ответов ${score}`}`;
    const { examples, dataset, active, activeScore } = heldOut;
    return `проверка ${evaluation} модели ${model} на отложенных примерах набора данных ${dataset} (${plural(examples, 'пример', 'примера', 'примеров')}): ${heldOut.score}, у действующей модели ${active} ${activeScore}`;
  },
  feedback: ({ answer, ...said }) => {
    const what =
      'rating' in said ? `оценка «${said.rating === 'up' ? 'за' : 'против'}»` : `замечание «${said.remark}»`;
    return answer === null ? what : `${what} к ответу ${answer}`;
  },
  more: ({ count, of }) => `… и ещё ${count} ${form(count, ...things[of])}`,
};
