import type { Kind } from '../english/references.ts';
import type { Words } from '../words.ts';

interface Forms {
  readonly nominative: string;
  /** After "нет". */
  readonly genitive: string;
}

const kinds: Readonly<Record<Kind, Forms>> = {
  answer: { nominative: 'ответ', genitive: 'ответа' },
  correction: { nominative: 'исправление', genitive: 'исправления' },
  dataset: { nominative: 'набор данных', genitive: 'набора данных' },
  job: { nominative: 'задание', genitive: 'задания' },
  model: { nominative: 'модель', genitive: 'модели' },
  evaluation: { nominative: 'проверка', genitive: 'проверки' },
  member: { nominative: 'участник', genitive: 'участника' },
  event: { nominative: 'событие', genitive: 'события' },
};

export const references: Words['references'] = {
  noneYet: (kind) =>
    `В этом разговоре ещё нет ${kinds[kind].genitive}, поэтому «последний» ничего не обозначает.`,
  unknown: ({ kind, reference, list }) =>
    `Нет ${kinds[kind].genitive} с id «${reference}»; посмотреть, что есть, можно командой ${list}.`,
  unknownAnything: (reference) =>
    `Здесь ничего нет с id «${reference}»; последние события показывает !история без id.`,
  ambiguous: ({ reference, matches }) => {
    const shown = matches
      .map(({ kind, id }) => (kind === null ? id : `${kinds[kind].nominative} ${id}`))
      .join(', ');
    return `«${reference}» подходит не к одному: ${shown}; напишите id подлиннее.`;
  },
};
