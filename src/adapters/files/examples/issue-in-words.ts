import { z } from 'zod';

/** Marks what a check says as going on from the name of the field: "completion" "is empty". */
export const ofField = { says: 'of the field' } as const;

const QUOTED_LENGTH = 40;

/** For zod: what it says of a field. */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  const { input } = issue;
  if (input === undefined) return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `is ${kindOf(input)} and must be ${typeInWords(issue.expected)}`;
    case 'invalid_value': {
      const shown = typeof input === 'string' ? JSON.stringify(input.slice(0, QUOTED_LENGTH)) : kindOf(input);
      return `is ${shown} and must be ${anyOf(issue.values.map(String))}`;
    }
    case 'too_small':
      return `needs at least ${count(Number(issue.minimum), 'message')}`;
    case 'too_big':
      return `may hold no more than ${count(Number(issue.maximum), 'message')}`;
    default:
      return 'is not as it must be';
  }
}

/** The first thing that is wrong, as it goes on from "line 7: ". */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'it is not a training example';
  // What the domain checks is a sentence of its own.
  if (issue.code === 'custom' && issue.params?.says !== ofField.says) return issue.message;
  return `${issue.path.length === 0 ? 'it' : z.core.toDotPath(issue.path)} ${issue.message}`;
}

export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'boolean' ? String(value) : typeInWords(typeof value);
}

function typeInWords(type: string): string {
  switch (type) {
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'array':
    case 'tuple':
      return 'a list of messages';
    case 'object':
      return 'an object';
    default:
      return `a ${type}`;
  }
}

function anyOf(values: readonly string[]): string {
  const last = values.at(-1) ?? '';
  return values.length < 2 ? last : `${values.slice(0, -1).join(', ')} or ${last}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
