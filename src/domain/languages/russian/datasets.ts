import type { Words } from '../words.ts';
import { origins } from './origins.ts';
import { form, plural } from './plural.ts';

const made = { built: 'собран из журнала', selected: 'взят из файлов' } as const;

export const datasets: Words['datasets'] = {
  none: (prefix) => `Наборов данных ещё нет; ${prefix}переобучить соберёт первый.`,
  unknown: (dataset) => `Набор данных ${dataset} здесь неизвестен; !наборы перечисляет известные.`,
  listed: ({ dataset, examples, format, made: how, who, when }) =>
    `набор данных ${dataset}: ${inAll(examples)} (${format}), ${made[how]}: ${who}, ${when}`,
  heading: ({ dataset, examples, format, size, sha256, made: how, who, when }) =>
    `Набор данных ${dataset}: ${inAll(examples)} (${format}, ${size}, SHA-256 ${sha256}), ${made[how]}: ${who}, ${when}.`,
  more: ({ next, after }) => `… дальше, со строки ${next}: после=${after}`,
  line: ({ number, example, source }) => `${number}. ${example} (${source})`,
  sources: {
    unknown: 'источник неизвестен',
    file: ({ path, line }) => `${path}, строка ${line}`,
    ratings: ({ answer, members }) => `оценки ответа ${answer}: ${members.join(', ')}`,
    correction: ({ correction, answer, members }) =>
      `исправление ${correction} ответа ${answer}: ${members.join(', ')}`,
  },
  wanted: (answer) => `→ ${answer}`,
  unwanted: (answer) => `не → ${answer}`,
  fromFile: ({ path, examples }) => `из ${path}: ${inAll(examples)}`,
  fromMember: ({ member, examples }) => `${member}: ${inAll(examples)}`,
  notFromLedger: (dataset) =>
    `Набор данных ${dataset} взят из файлов, поэтому собрать его заново из журнала нельзя.`,
  comesOutDifferent: ({ dataset, again }) =>
    `Если собрать набор данных ${dataset} из журнала заново, получается ${again}.`,
  comesOutSame: 'Набор собран заново из журнала: совпадает каждый байт.',
  compared: ({ from, to, added, removed, common }) =>
    `От набора данных ${from} к ${to}: добавлено ${added}, исчезло ${removed}, без изменений ${common}.`,
  difference: ({ sign, example, why }) => `${sign} ${example} (${why})`,
  moreDifferences: ({ sign, count }) => `${sign} … и ещё ${count}`,
  absent: {
    notAmongSources: (dataset) => `среди источников набора ${dataset} этого нет`,
    leftOut: ({ dataset, reason }) => `не вошло в набор ${dataset}: ${reason}`,
    otherCounts: ({ dataset, correction }) =>
      `в наборе ${dataset} учтено исправление ${correction} того же ответа`,
    notYetGiven: (dataset) => `когда собирался набор ${dataset}, этого ещё не было`,
    otherForm: (dataset) => `в наборе ${dataset} это сказано в другой форме`,
  },
  nothingAs: ({ examples, format, dataset, own }) =>
    `В формате ${format} здесь нечего выгружать (${inAll(examples)}, и ни один не подходит); выгрузите набор данных ${dataset} как ${own}.`,
  taken: ({ dataset, examples, format, sha256, prefix }) =>
    `В наборе данных ${dataset} ${inAll(examples)} (${format}, SHA-256 ${sha256}). Обучить на нём: ${prefix}обучить набор=${dataset}`,
  skipped: (count) =>
    `${form(count, 'Пропущена', 'Пропущены', 'Пропущено')} ${plural(count, 'неверная строка', 'неверные строки', 'неверных строк')}:`,
  originNotPermitted: (origin) =>
    `Правила здесь не разрешают обучать на текстах такого происхождения («${origins[origin]}»); отправьте их файлом.`,
  dryRun: ({ format, examples }) =>
    `Набор данных формата ${format} содержал бы ${inAll(examples)}; ничего не собрано.`,
  nothingToTrainOn: ({ format, leftOut }) => {
    const how =
      format === 'kto'
        ? 'оценивайте ответы: !оценить последний + или -'
        : 'исправляйте ответы: !исправить последний <текст>';
    return `Обучать пока не на чем; ${how}${leftOut.length === 0 ? '.' : ` (${leftOut.join('; ')}).`}`;
  },
  sayWhat:
    'Укажите, на чём обучать, и только одно: набор=ID, данные=…, каталог=ПУТЬ или файл; подробнее: !помощь обучить.',
  staysAsTakenIn:
    'Набор данных в хранилище остаётся таким, каким был взят; параметры желательные и пропуск_ошибок указывайте вместе с данными или файлом.',
};

function inAll(examples: number): string {
  return plural(examples, 'пример', 'примера', 'примеров');
}
