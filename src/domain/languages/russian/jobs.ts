import type { Words } from '../words.ts';
import { plural } from './plural.ts';

export const jobs: Words['jobs'] = {
  none: (prefix) => `Заданий на обучение ещё нет; ${prefix}переобучить запускает первое.`,
  what: ({ job, trainer, dataset, examples, format, outcome }) =>
    `задание ${job}: ${trainer}, набор данных ${dataset} (${inAll(examples)}, ${format}), ${outcome}`,
  outcomes: {
    requested: 'ждёт начала обучения',
    running: ({ step, total, loss }) => `выполняется, шаг ${step} из ${total}${withLoss(loss)}`,
    succeeded: ({ model, loss }) => `выполнено, получена модель ${model}${withLoss(loss)}`,
    failed: (reason) => `не выполнено: ${reason}`,
    cancelled: 'отменено',
  },
  requestedBy: ({ what, who, when }) => `${what}; поставлено: ${who}, ${when}`,
  started: ({ job, dataset, examples, format, sha256 }) =>
    `Задание ${job}: обучение на наборе данных ${dataset} (${inAll(examples)}, ${format}, SHA-256 ${sha256}).`,
  cannotTrainOn: ({ trainer, format, formats }) =>
    `Программа обучения ${trainer} не обучает на наборах формата ${format}; она принимает ${formats.join(', ')}.`,
  cancelled: (job) => `Задание ${job} отменено.`,
  notices: {
    requested: (job) => `Задание ${job} ждёт начала обучения.`,
    uploaded: (job) => `Задание ${job}: файл с примерами передан.`,
    running: (job) => `Задание ${job}: идёт обучение.`,
    progressed: ({ job, step, total, loss }) => `Задание ${job}: шаг ${step} из ${total}${withLoss(loss)}.`,
    succeeded: ({ job, model }) =>
      `Задание ${job} выполнено, получена модель ${model}; !назначить позволит ей отвечать.`,
    failed: ({ job, reason }) => `Задание ${job} не выполнено: ${reason}`,
    cancelled: (job) => `Задание ${job} отменено.`,
  },
};

function inAll(examples: number): string {
  return plural(examples, 'пример', 'примера', 'примеров');
}

function withLoss(loss: number | null): string {
  return loss === null ? '' : `, потери ${loss.toFixed(4)}`;
}
