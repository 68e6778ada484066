import type { Words } from '../words.ts';

export const models: Words['models'] = {
  active: (model) => `Здесь отвечает модель ${model}.`,
  trained: ({ model, job, dataset, when }) =>
    `модель ${model}: задание ${job}, набор данных ${dataset}, ${when}`,
  none: 'Здесь ещё не обучена ни одна модель; !переобучить обучает первую.',
  promoted: ({ model, previous }) => `Теперь здесь отвечает модель ${model} вместо ${previous}.`,
  rolledBack: ({ model, previous }) => `Здесь снова отвечает модель ${model} вместо ${previous}.`,
};
