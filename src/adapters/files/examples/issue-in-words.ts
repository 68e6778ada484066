import { z } from 'zod';
import { complaintOf } from '../../../domain/complaint.ts';
import type { FieldType, ValueKind } from '../../../domain/languages/english/examples.ts';
import type { InWords } from '../../../domain/refusal.ts';

const fieldChecks = ['empty', 'nul', 'halfCharacter', 'notText', 'toolCall'] as const;
type FieldCheck = (typeof fieldChecks)[number];

/** What a check says of the field that it is on, for `refine` and `addIssue`. */
export function fieldComplaint(check: FieldCheck): { readonly params: { readonly check: FieldCheck } } {
  return { params: { check } };
}

/** The first thing that is wrong, as it goes on from "line 7: ". The issues must have been reported with their input. */
export function firstIssue(error: z.ZodError): InWords {
  const [issue] = error.issues;
  if (issue === undefined || issue.path.length === 0) return ({ examples }) => examples.notAnExample;
  const field = z.core.toDotPath(issue.path);
  if (issue.code !== 'custom') return issueOfField(field, issue);
  const check = fieldChecks.find((candidate) => candidate === issue.params?.check);
  if (check !== undefined) return ({ examples }) => examples.field[check](field);
  // What the domain checks is a sentence of its own. The input is left behind: it may be megabytes.
  const { input: _, ...said } = issue;
  return complaintOf(new z.ZodError([said]));
}

const QUOTED_LENGTH = 40;

function issueOfField(field: string, issue: z.core.$ZodIssue): InWords {
  const { input } = issue;
  if (input === undefined) return ({ examples }) => examples.field.missing(field);
  switch (issue.code) {
    case 'invalid_type': {
      const is = kindOf(input);
      const must = typeNamed(issue.expected);
      return ({ examples }) => examples.field.wrongType({ field, is, must });
    }
    case 'invalid_value': {
      const is =
        typeof input === 'string'
          ? { text: JSON.stringify(input.slice(0, QUOTED_LENGTH)) }
          : { kind: kindOf(input) };
      const may = issue.values.map(String);
      return ({ examples }) => examples.field.wrongValue({ field, is, may });
    }
    case 'too_small': {
      const least = Number(issue.minimum);
      return ({ examples }) => examples.field.tooFewMessages({ field, least });
    }
    case 'too_big': {
      const most = Number(issue.maximum);
      return ({ examples }) => examples.field.tooManyMessages({ field, most });
    }
    default:
      return ({ examples }) => examples.field.other(field);
  }
}

/** Of a value as JSON has them. */
export function kindOf(value: unknown): ValueKind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return 'number';
    case 'string':
      return 'text';
    default:
      return 'object';
  }
}

/** The schemas here ask for nothing else. */
function typeNamed(expected: string): FieldType {
  switch (expected) {
    case 'string':
      return 'text';
    case 'boolean':
      return 'yes or no';
    case 'array':
    case 'tuple':
      return 'messages';
    default:
      return 'object';
  }
}
