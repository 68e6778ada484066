import type { Kind } from '../english/references.ts';
import type { Words } from '../languages.ts';

interface Forms {
  readonly nominative: string;
  /** After "нет". */
  readonly genitive: string;
  /** The command that lists them. */
  readonly list: string;
}

const kinds: Readonly<Record<Kind, Forms>> = {
  answer: { nominative: 'ответ', genitive: 'ответа', list: '!история' },
  correction: { nominative: 'исправление', genitive: 'исправления', list: '!история' },
  dataset: { nominative: 'набор данных', genitive: 'набора данных', list: '!наборы' },
  job: { nominative: 'задание', genitive: 'задания', list: '!задания' },
  model: { nominative: 'модель', genitive: 'модели', list: '!модели' },
  evaluation: { nominative: 'проверка', genitive: 'проверки', list: '!история' },
  member: { nominative: 'участник', genitive: 'участника', list: '!история' },
  event: { nominative: 'событие', genitive: 'события', list: '!история' },
};

export const references: Words['references'] = {
  noneYet: (kind) =>
    `В этом разговоре ещё нет ${kinds[kind].genitive}, поэтому «последний» ничего не обозначает.`,
  unknown: ({ kind, reference }) =>
    `Нет ${kinds[kind].genitive} с id «${reference}»; посмотреть, что есть, можно командой ${kinds[kind].list}.`,
  unknownAnything: (reference) =>
    `Здесь ничего нет с id «${reference}»; последние события показывает !история без id.`,
  ambiguous: ({ reference, matches }) => {
    const shown = matches
      .map(({ kind, id }) => (kind === null ? id : `${kinds[kind].nominative} ${id}`))
      .join(', ');
    return `«${reference}» подходит не к одному: ${shown}; напишите id подлиннее.`;
  },
};
