import type { Words } from '../words.ts';
import { plural } from './plural.ts';

export const models: Words['models'] = {
  active: (model) => `Здесь отвечает модель ${model}.`,
  trained: ({ model, job, dataset, when }) =>
    `модель ${model}: задание ${job}, набор данных ${dataset}, ${when}`,
  none: 'Здесь ещё не обучена ни одна модель; !переобучить обучает первую.',
  promoted: ({ model, previous }) => `Теперь здесь отвечает модель ${model} вместо ${previous}.`,
  trial: 'Привет! Ты здесь?',
  doesNotAnswer: ({ model, reason }) => `Модель ${model} не отвечает и поэтому не назначена: ${reason}`,
  notBetter: ({ model, score, examples, dataset, active, activeScore, evaluation }) =>
    `Модель ${model} не назначена, потому что она не лучше действующей: на отложенных примерах набора данных ${dataset} (${plural(examples, 'пример', 'примера', 'примеров')}) у неё ${score}, а у ${active} ${activeScore} (проверка ${evaluation}); обучите на большем числе исправлений, проверьте её ещё раз: !испытать ${model}, или назначьте её всё же после !настройки порог=выкл.`,
  rolledBack: ({ model, previous }) => `Здесь снова отвечает модель ${model} вместо ${previous}.`,
};
