import type { Words } from '../words.ts';

export const embedded: Words['embedded'] = {
  abstention: (prefix) =>
    `Такого ответа я ещё не знаю. Научите меня: ${prefix}исправить последний <правильный ответ>, а потом ${prefix}переобучить.`,
  unknown: ({ model, prefix }) =>
    `Нет модели ${model}; модели, которые могут отвечать, показывает ${prefix}модели.`,
  unusable: ({ model, reason }) =>
    `Модель ${model} не может ответить: ${reason}; обучите её заново или назначьте другую.`,
  faults: {
    incomplete: 'её файл неполон',
    otherVersion: 'её файл этой версии программы незнаком',
    notUtf8: 'её файл не в UTF-8',
    tooLarge: 'ей нужно больше памяти, чем можно занять',
    threadEnded: 'её поток остановлен',
  },
  tooManyWords: (most) => `разных слов в ней больше ${most}`,
};
