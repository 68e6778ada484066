import { counted } from './counted.ts';
import { listed } from './listed.ts';

/** What a value in a file is. */
export type ValueKind = 'null' | 'list' | 'true' | 'false' | 'text' | 'object' | 'number';
/** What a field must be. */
export type FieldType = 'text' | 'yes or no' | 'messages' | 'object';

const kinds: Readonly<Record<ValueKind, string>> = {
  null: 'null',
  list: 'a list',
  true: 'true',
  false: 'false',
  text: 'text',
  object: 'an object',
  number: 'a number',
};
const types: Readonly<Record<FieldType, string>> = {
  text: 'text',
  'yes or no': 'true or false',
  messages: 'a list of messages',
  object: 'an object',
};

const tooLong = 'it is over 4 MiB; take it out or make it shorter';

/** Why a line of training data is not taken. Each goes on from "line 7: ". A field is a path such as `messages[1].content`. */
export const examples = {
  tooLong,
  notUtf8: (column: number) => `it is not valid UTF-8 at column ${column}; save the file as UTF-8`,
  nulByte: 'it holds a NUL byte; save the file as UTF-8 text',
  tooManyValues: (most: number) => `it holds more than ${most} JSON values`,
  notAnObject: 'it is not a JSON object, which begins with {',
  notAnExample: 'it is not a training example',
  noFields: (kind: ValueKind) =>
    `it is ${kinds[kind]} and not an object with messages, or prompt and completion`,
  otherFields: 'it has neither messages, nor prompt and completion, nor input and preferred_output',
  field: {
    missing: (field: string) => `${field} is missing`,
    wrongType: ({ field, is, must }: { field: string; is: ValueKind; must: FieldType }) =>
      `${field} is ${kinds[is]} and must be ${types[must]}`,
    /** @param is a text as JSON, in quotes, or else what kind of value it is */
    wrongValue: ({
      field,
      is,
      may,
    }: {
      field: string;
      is: { text: string } | { kind: ValueKind };
      may: readonly string[];
    }) => `${field} is ${'text' in is ? is.text : kinds[is.kind]} and must be ${listed(may, 'or')}`,
    tooFewMessages: ({ field, least }: { field: string; least: number }) =>
      `${field} needs at least ${counted(least, 'message')}`,
    tooManyMessages: ({ field, most }: { field: string; most: number }) =>
      `${field} may hold no more than ${counted(most, 'message')}`,
    empty: (field: string) => `${field} is empty`,
    nul: (field: string) => `${field} holds a NUL character`,
    halfCharacter: (field: string) => `${field} holds half of a character`,
    notText: (field: string) => `${field} holds a part that is not text`,
    toolCall: (field: string) => `${field} calls a tool, and only text can be trained on`,
    other: (field: string) => `${field} is not as it must be`,
  },
  lastOfPrompt: 'the last message of a prompt must be from the user',
  lastOfChat: 'the last message must be from the assistant',
  noUser: 'a message from the user is missing',
  json: {
    inLine: ({ column, what }: { column: number; what: string }) =>
      `malformed JSON at column ${column}: ${what}`,
    inArray: ({ line, column, what }: { line: number; column: number; what: string }) =>
      `malformed JSON in line ${line} at column ${column}, so the array is read no further: ${what}`,
    expected: {
      value: 'expected a value',
      text: 'expected a string value',
      key: 'expected an object key',
      firstDigit: 'expected a starting digit',
      digit: 'expected a digit',
      fraction: 'expected a fractional part of a number',
      exponent: 'expected an exponent part of a number',
      exponentValue: 'expected an exponent value of a number',
    },
    expectedSign: (sign: string) => `expected '${sign}'`,
    unexpectedToken: (sign: string) => `unexpected token '${sign}'`,
    unexpectedSign: (sign: string) => `unexpected '${sign}'`,
    unexpected: 'unexpected characters',
    unescaped: 'a string holds a character that must be escaped',
    endsEarly: 'it ends too early',
    arrayEndsEarly: 'the file ends before the array does',
    afterArray: 'there is something after the end of the array',
    noElement: 'an element is missing',
  },
  /** A bad element of an array. */
  element: ({ element, line, what }: { element: number; line: number; what: string }) =>
    `element ${element} of the array, which begins in line ${line}: ${what}`,
  csv: {
    header: 'the header of a CSV file must name the columns prompt and completion, and this one does not',
    columnTwice: (column: string) => `the header names the column ${column} twice`,
    notARecord: 'it is not a CSV record',
    recordTooLong: `${tooLong}, or close the quote that keeps it open`,
    tooManyFields: (most: number) => `it has more than ${most} fields`,
    otherFields: ({ fields, header }: { fields: number; header: number }) =>
      `it has ${counted(fields, 'field')} and the header has ${header}; put a text that holds a comma, a quote or a line break in quotes`,
    quoteWithin:
      'a quote stands within a field; put the whole field in quotes and write each quote in it twice',
    afterQuote: 'text follows a closing quote; write each quote within a quoted field twice',
    quoteOpen: 'a quote is opened and never closed, so nothing after it can be read; close it',
  },
  foreign: {
    utf16: 'the file is UTF-16; save it as UTF-8',
    zip: 'the file is a zip or a spreadsheet; take the text files out of it, or save it as CSV in UTF-8',
    compressed: 'the file is compressed; unpack it first',
  },
};
