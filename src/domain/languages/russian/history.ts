import type { Words } from '../words.ts';

export const history: Words['history'] = {
  noEvent: (event) => `События ${event} нет; !история перечисляет последние.`,
  nothingBefore: 'До этого здесь ничего не происходило.',
  elsewhere: '[написано в другом канале]',
  older: (before) => `более ранние: до=${before}`,
  particulars: ({ type, revision, stream, origin, channel, command }) =>
    `${type}, версия ${revision} потока ${stream}, происхождение ${origin}, канал ${channel}, команда ${command}`,
};
