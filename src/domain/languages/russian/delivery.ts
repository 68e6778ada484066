import type { Words } from '../words.ts';

export const delivery: Words['delivery'] = {
  late: (member) => `Для ${member} — ответ на команду, отправленную некоторое время назад:`,
  empty: '(пустой ответ)',
  whole: (file) => `… (полностью — в файле ${file})`,
  tooLarge: (file, megabytes, limit) =>
    `${file} занимает ${megabytes} МБ, а сюда можно отправить не больше ${limit} МБ; файл остался в каталоге данных бота.`,
  notPermitted: (file) =>
    `${file} нельзя отправить сюда: мне не разрешено прикреплять файлы. Попросите об этом разрешении тех, кто управляет сервером.`,
  refused: (file) =>
    `${file} нельзя отправить сюда: для Discord файл слишком велик. Он остался в каталоге данных бота.`,
  missing: (file, reason) => `${file} не удалось отправить: ${reason}`,
};
