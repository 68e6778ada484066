import type { Words } from '../words.ts';
import { plural } from './plural.ts';

export const bot: Words['bot'] = {
  closing: 'Бот завершает работу; попробуйте ещё раз, когда он вернётся.',
  notHere: (command) => `Команды ${command} здесь нет.`,
  forManagers: (command) => `Команда ${command} — для тех, кто управляет этим местом; обратитесь к ним.`,
  forTrainers: (command) => `Команда ${command} — для тренеров; обратитесь к ним.`,
  noCommand: ({ shown, nearest, prefix }) =>
    nearest === null
      ? `Команды ${shown} нет; ${prefix}помощь перечисляет команды.`
      : `Команды ${shown} нет; может быть, ${nearest}? ${prefix}помощь перечисляет команды.`,
  fault: (message) =>
    `Внутри бота что-то сломалось (${message}); подробности видны администратору бота в выводе программы.`,
  bytes: (count) => plural(count, 'байт', 'байта', 'байт'),
  units: ['КиБ', 'МиБ', 'ГиБ', 'ТиБ'],
};
