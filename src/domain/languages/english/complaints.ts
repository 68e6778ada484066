import type { z } from 'zod';
import { listed } from './listed.ts';

/** What is wrong with a value that somebody gave, to go on from "The option limit is wrong: ". */
export const complaints = {
  unclear: 'it is not as it must be',
  ofSchema: issueInWords,
  empty: 'it is empty',
  notTrueOrFalse: 'it must be true or false',
  notCount: (most: number) => `it must be a whole number from 1 to ${most}`,
  notOneOf: (choices: readonly string[]) => `it must be ${listed(choices, 'or')}`,
  notTime: 'it must be a date such as 2026-11-20 or a time such as 2026-11-20T15:00:00Z, in UTC',
  emptyText: 'it is empty; write something',
  tooLongText: (characters: number, most: number) =>
    `it has ${characters} characters and at most ${most} are taken; shorten it or send a file`,
  holdsNul: 'it holds a NUL character; leave that out',
  notUnicode: 'it is not valid Unicode; send it as UTF-8',
  notText: 'it must be text',
  lastNotFromUser: 'the last message must be from the user',
  tooMuchText: 'there is too much text in it; shorten it',
  noQuestion: 'it needs a prompt or messages',
  noQuestions: 'there is no question in it',
  tooManyQuestions: (most: number) => `there are more than ${most} questions in it`,
  tooMuchExpected: 'there is too much text in what is expected; make several tests of it',
};

const types: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function issueInWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `it must be ${types[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `it must be ${listed(
        issue.values.map((value) => `"${String(value)}"`),
        'or',
      )}`;
    case 'unrecognized_keys':
      return `there is too much in it: ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    case 'too_small':
      return 'there is too little in it';
    case 'too_big':
      return 'there is too much in it';
    default:
      return 'it is not as it must be';
  }
}
