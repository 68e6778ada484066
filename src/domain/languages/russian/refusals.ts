import type { Words } from '../languages.ts';

const ends = { succeeded: 'выполнено', failed: 'закончилось неудачей', cancelled: 'отменено' } as const;

export const refusals: Words['refusals'] = {
  answer: {
    unknown: 'Такого ответа нет; последние ответы показывает !history.',
    failed: 'На этот вопрос ответа не было, поэтому исправлять и оценивать нечего; задайте вопрос ещё раз.',
    noneToWithdraw: ({ answer }) =>
      `У ответа ${answer} нет вашего исправления, которое можно отозвать; отзывает исправление тот, кто его дал.`,
  },
  job: {
    unknown: 'Такого задания нет; все задания показывает !jobs.',
    ended: ({ job, as }) => `Задание ${job} уже ${ends[as]}.`,
  },
  model: {
    alreadyActive: ({ model }) => `Модель ${model} уже действующая.`,
    noEarlier: 'Нет предыдущей модели, к которой можно вернуться; все модели показывает !models.',
  },
};
