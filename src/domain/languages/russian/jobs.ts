import type { Words } from '../words.ts';
import { plural } from './plural.ts';

export const jobs: Words['jobs'] = {
  none: (prefix) => `Заданий на обучение ещё нет; ${prefix}переобучить запускает первое.`,
  what: ({ job, trainer, dataset, examples, format, outcome }) =>
    `задание ${job}: ${trainer}, набор данных ${dataset} (${inAll(examples)}, ${format}), ${outcome}`,
  outcomes: {
    requested: 'ждёт начала обучения',
    running: ({ step, total, loss }) => `выполняется, шаг ${step} из ${total}${withLoss(loss)}`,
    succeeded: ({ model, loss, cost }) =>
      `выполнено, получена модель ${model}${withLoss(loss)}${cost === null ? '' : `, стоимость ${cost}`}`,
    failed: (reason) => `не выполнено: ${reason}`,
    cancelled: 'отменено',
  },
  requestedBy: ({ what, who, when }) => `${what}; поставлено: ${who}, ${when}`,
  started: ({ job, dataset, examples, format, sha256 }) =>
    `Задание ${job}: обучение на наборе данных ${dataset} (${inAll(examples)}, ${format}, SHA-256 ${sha256}).`,
  cannotTrainOn: ({ trainer, format, formats }) =>
    `Программа обучения ${trainer} не обучает на наборах формата ${format}; она принимает ${formats.join(', ')}.`,
  cancelled: (job) => `Задание ${job} отменено.`,
  paused: (job) => `Задание ${job} приостановлено; !продолжить продолжит его.`,
  resumed: (job) => `Задание ${job} продолжается.`,
  cannotPause: (trainer) =>
    `Программа обучения ${trainer} не умеет приостанавливать задания; !отменить завершит его.`,
  estimate: ({ trainer, baseModel, method, trained, heldOut, epochs, tokens, cost }) =>
    `Программа обучения ${trainer} обучит ${baseModel} (${method}), ${inAll(trained)}${heldOut === 0 ? '' : `, ещё ${heldOut} для проверки`}: около ${plural(tokens, 'токена', 'токенов', 'токенов')}, ${plural(epochs, 'эпоха', 'эпохи', 'эпох')}, ${cost === null ? 'цена оператором не указана' : `примерно ${cost}`}.`,
  confirm: (command) => `Ничего ещё не начато; ${command} начнёт обучение.`,
  confirmedBefore: ({ job, dataset }) =>
    `Это уже подтверждено, задание ${job}, поэтому ничего не начато; !обучить ${dataset} покажет, чего потребует ещё одно обучение.`,
  noHyperparameters: (trainer) =>
    `Программа обучения ${trainer} не принимает гиперпараметров; не указывайте их.`,
  notHyperparameters: (most) =>
    `нужны пары вида batch_size=8 через пробел, каждая один раз, не больше ${most}`,
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
