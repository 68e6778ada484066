import type { Words } from '../languages.ts';
import { plural } from './plural.ts';

export const intake: Words['intake'] = {
  unknown: (dataset) => `Набора данных ${dataset} здесь нет; проверьте id.`,
  noExample: (paths) => `Примеров для обучения нет: ${paths.join(', ')}; укажите файл с примерами.`,
  tooManyFiles: ({ count, most }) =>
    `Набор данных нельзя взять сразу из стольких файлов (${count}); возьмите не больше ${most} или объедините их в более крупные файлы.`,
  line: {
    tooLong: ({ bytes, most }) =>
      `в наборе данных эта строка займёт ${plural(bytes, 'байт', 'байта', 'байт')}, а правила здесь разрешают не больше ${most}`,
    otherFormat: ({ is, among }) =>
      `это пример ${is} среди примеров ${among}; возьмите их как два набора данных`,
    saysItself: (format) => `пример ${format} сам говорит, что в нём нежелательно; уберите желательные=нет`,
    noQuestion: 'при желательные=нет сообщение перед ответом должно быть от пользователя (role "user")',
  },
  problem: ({ path, line, reason }) => `${path}, строка ${line}: ${reason}`,
  oneBad: (problem) =>
    `${problem}; ничего не взято, поэтому исправьте строку или добавьте пропуск_ошибок=да.`,
  manyBad: (count) =>
    `${plural(count, 'строка не годится', 'строки не годятся', 'строк не годятся')}, поэтому ничего не взято; исправьте их или добавьте пропуск_ошибок=да:`,
  more: (count) => `… и ещё ${count}`,
};
