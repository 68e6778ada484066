import type { FieldType, ValueKind } from '../english/examples.ts';
import type { Words } from '../words.ts';
import { listed } from './listed.ts';
import { plural } from './plural.ts';

const kinds: Readonly<Record<ValueKind, string>> = {
  null: 'null',
  list: 'список',
  true: 'true',
  false: 'false',
  text: 'текст',
  object: 'объект',
  number: 'число',
};
const types: Readonly<Record<FieldType, string>> = {
  text: 'текст',
  'yes or no': 'true или false',
  messages: 'список сообщений',
  object: 'объект',
};

const tooLong = 'здесь больше 4 МиБ; уберите это или сократите';

export const examples: Words['examples'] = {
  tooLong,
  notUtf8: (column) => `в столбце ${column} не UTF-8; сохраните файл в UTF-8`,
  nulByte: 'здесь есть нулевой байт (NUL); сохраните файл как текст в UTF-8',
  tooManyValues: (most) => `значений JSON здесь больше ${most}`,
  notAnObject: 'это не объект JSON, который начинается со знака {',
  notAnExample: 'это не пример для обучения',
  noFields: (kind) => `это ${kinds[kind]}, а нужен объект с полем messages или с полями prompt и completion`,
  otherFields: 'здесь нет ни messages, ни prompt и completion, ни input и preferred_output',
  lastOfPrompt: 'последнее сообщение вопроса должно быть от пользователя (role "user")',
  lastOfChat: 'последнее сообщение должно быть от модели (role "assistant")',
  noUser: 'нет сообщения от пользователя (role "user")',
  field: {
    missing: (field) => `нет поля ${field}`,
    wrongType: ({ field, is, must }) => `в поле ${field} стоит ${kinds[is]}, а нужно: ${types[must]}`,
    wrongValue: ({ field, is, may }) =>
      `в поле ${field} стоит ${'text' in is ? is.text : kinds[is.kind]}, а нужно: ${listed(may, 'или')}`,
    tooFewMessages: ({ field, least }) =>
      `в поле ${field} должно быть не меньше ${plural(least, 'сообщения', 'сообщений', 'сообщений')}`,
    tooManyMessages: ({ field, most }) =>
      `в поле ${field} может быть не больше ${plural(most, 'сообщения', 'сообщений', 'сообщений')}`,
    empty: (field) => `поле ${field} пусто`,
    nul: (field) => `в поле ${field} есть нулевой символ (NUL)`,
    halfCharacter: (field) => `в поле ${field} есть половина символа`,
    notText: (field) => `в поле ${field} есть часть, которая не текст`,
    toolCall: (field) => `в поле ${field} вызывается инструмент, а обучать можно только на тексте`,
    other: (field) => `в поле ${field} что-то не так`,
  },
  json: {
    inLine: ({ column, what }) => `ошибка в JSON в столбце ${column}: ${what}`,
    inArray: ({ line, column, what }) =>
      `ошибка в JSON в строке ${line}, столбце ${column}, поэтому дальше список не читается: ${what}`,
    expected: {
      value: 'здесь должно быть значение',
      text: 'здесь должна быть строка в кавычках',
      key: 'здесь должно быть имя поля в кавычках',
      firstDigit: 'число должно начинаться с цифры',
      digit: 'здесь должна быть цифра',
      fraction: 'здесь должна быть дробная часть числа',
      exponent: 'здесь должен быть порядок числа',
      exponentValue: 'здесь должно быть значение порядка числа',
    },
    expectedSign: (sign) => `здесь должен быть знак '${sign}'`,
    unexpectedToken: (sign) => `лишний знак '${sign}'`,
    unexpectedSign: (sign) => `лишний знак '${sign}'`,
    unexpected: 'лишние знаки',
    unescaped: 'в строке есть символ, который нужно записать через обратную косую черту',
    endsEarly: 'запись обрывается',
    arrayEndsEarly: 'файл кончается раньше, чем список',
    afterArray: 'после конца списка есть что-то ещё',
    noElement: 'не хватает элемента',
  },
  element: ({ element, line, what }) => `элемент ${element} списка, с начала в строке ${line}: ${what}`,
  csv: {
    header: 'в заголовке файла CSV должны быть столбцы prompt и completion, а здесь их нет',
    columnTwice: (column) => `столбец ${column} стоит в заголовке дважды`,
    notARecord: 'это не запись CSV',
    recordTooLong: `${tooLong}, или закройте кавычку, из-за которой запись не кончается`,
    tooManyFields: (most) => `полей здесь больше ${most}`,
    otherFields: ({ fields, header }) =>
      `здесь ${plural(fields, 'поле', 'поля', 'полей')}, а в заголовке ${header}; текст с запятой, кавычкой или переводом строки возьмите в кавычки`,
    quoteWithin:
      'кавычка стоит внутри поля; возьмите в кавычки всё поле, а каждую кавычку в нём напишите дважды',
    afterQuote: 'после закрывающей кавычки идёт текст; каждую кавычку внутри поля в кавычках пишите дважды',
    quoteOpen: 'кавычка открыта и не закрыта, поэтому дальше ничего не прочесть; закройте её',
  },
  foreign: {
    utf16: 'файл в UTF-16; сохраните его в UTF-8',
    zip: 'это zip или электронная таблица; достаньте из файла тексты или сохраните его как CSV в UTF-8',
    compressed: 'файл сжат; сначала распакуйте его',
  },
};
