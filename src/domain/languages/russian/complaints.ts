import type { z } from 'zod';
import type { Words } from '../words.ts';
import { listed } from './listed.ts';
import { plural } from './plural.ts';

export const complaints: Words['complaints'] = {
  unclear: 'здесь что-то не так',
  ofSchema: issueInWords,
  empty: 'здесь пусто',
  notTrueOrFalse: 'допустимо только да или нет',
  notCount: (most) => `нужно целое число от 1 до ${most}`,
  notOneOf: (choices) => `допустимо только ${listed(choices, 'или')}`,
  notTime:
    'нужна дата, например 2026-11-20, или время, например 2026-11-20T15:00:00Z (по всемирному времени, UTC)',
  emptyText: 'здесь пусто; напишите что-нибудь',
  tooLongText: (characters, most) =>
    `в тексте ${plural(characters, 'знак', 'знака', 'знаков')}, а принимается не больше ${most}; сократите его или отправьте файлом`,
  holdsNul: 'в тексте есть нулевой символ (NUL); уберите его',
  notUnicode: 'это не правильный Юникод; отправьте текст в UTF-8',
  notText: 'здесь должен быть текст',
  lastNotFromUser: 'последнее сообщение должно быть от пользователя (role "user")',
  tooMuchText: 'здесь слишком много текста; сократите его',
  noQuestion: 'нужно либо "prompt", либо "messages"',
  noQuestions: 'здесь нет ни одного вопроса',
  tooManyQuestions: (most) => `вопросов здесь больше ${most}`,
  tooMuchExpected: 'в ожидаемых ответах слишком много текста; разбейте проверку на несколько',
};

const types: Readonly<Record<string, string>> = {
  string: 'должен быть текст',
  number: 'должно быть число',
  boolean: 'должно быть true или false',
  array: 'должен быть список',
  object: 'должен быть объект',
};

function issueInWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `здесь ${types[issue.expected] ?? `должно быть ${issue.expected}`}`;
    case 'invalid_value':
      return `допустимо только ${listed(
        issue.values.map((value) => `"${String(value)}"`),
        'или',
      )}`;
    case 'unrecognized_keys':
      return `здесь лишнее: ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    case 'too_small':
      return 'этого слишком мало';
    case 'too_big':
      return 'этого слишком много';
    default:
      return 'здесь что-то не так';
  }
}
