import { z } from 'zod';
import { apiError, errorTree } from '../api-error.ts';

/**
 * What a body says, checked.
 * @throws ApiError Invalid Form Body, with Discord's codes at Discord's places
 */
export function parseForm<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const errors = result.error.issues
    .flatMap(leaves)
    .map((issue) => ({ path: issue.path, ...fieldError(issue) }));
  throw apiError('InvalidFormBodyOrContentType', errorTree(errors));
}

/** Text whose length is counted in code points, as Discord does. */
export function text({ min = 0, max }: { readonly min?: number; readonly max: number }) {
  return z.string().superRefine((value, context) => {
    const length = [...value].length;
    if (length >= min && length <= max) return;
    context.addIssue(wrongLength(min, max));
  });
}

export function list<Item extends z.ZodType>(item: Item, { min = 0, max }: { min?: number; max: number }) {
  return z.array(item).superRefine((value, context) => {
    if (value.length >= min && value.length <= max) return;
    context.addIssue(wrongLength(min, max));
  });
}

/** An issue with one of Discord's codes. */
export function discordIssue(code: string, message: string, path: readonly PropertyKey[] = []) {
  return { code: 'custom' as const, message, params: { code }, path: [...path] };
}

export const snowflake = z.string().regex(/^\d{1,20}$/);

function wrongLength(min: number, max: number) {
  return min === 0
    ? discordIssue('BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`)
    : discordIssue('BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`);
}

/** Of a union, the complaints of the kind that came nearest. */
function leaves(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const nearest = issue.errors.toSorted((one, other) => one.length - other.length)[0];
  if (nearest === undefined) return [issue];
  return nearest.flatMap(leaves).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

const typeErrors: Readonly<Record<string, { readonly code: string; readonly message: string }>> = {
  string: { code: 'STRING_TYPE_CONVERT', message: 'Could not interpret the value as string.' },
  number: { code: 'NUMBER_TYPE_COERCE', message: 'The value is not a number.' },
  int: { code: 'NUMBER_TYPE_COERCE', message: 'The value is not an integer.' },
  boolean: { code: 'BOOLEAN_TYPE_CONVERT', message: 'Must be either true or false.' },
  array: { code: 'LIST_TYPE_CONVERT', message: 'Only iterables may be used in a ListType' },
  object: { code: 'MODEL_TYPE_CONVERT', message: 'Only dictionaries may be used in a ModelType' },
};

const Custom = z.object({ code: z.string() });

function fieldError(issue: z.core.$ZodIssue): { readonly code: string; readonly message: string } {
  const custom = issue.code === 'custom' ? Custom.safeParse(issue.params).data : undefined;
  if (custom !== undefined) return { code: custom.code, message: issue.message };
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return { code: 'BASE_TYPE_REQUIRED', message: 'This field is required' };
      return typeErrors[issue.expected] ?? { code: 'BASE_TYPE_INVALID', message: issue.message };
    case 'invalid_value':
      return { code: 'BASE_TYPE_CHOICES', message: `Value must be one of {${issue.values.join(', ')}}.` };
    case 'invalid_format':
      return issue.format === 'url'
        ? { code: 'URL_TYPE_INVALID_URL', message: 'Not a well formed URL.' }
        : { code: 'STRING_TYPE_REGEX', message: 'String value did not match validation regex.' };
    case 'too_big':
      return {
        code: 'NUMBER_TYPE_MAX',
        message: `int value should be less than or equal to ${issue.maximum}.`,
      };
    case 'too_small':
      return {
        code: 'NUMBER_TYPE_MIN',
        message: `int value should be greater than or equal to ${issue.minimum}.`,
      };
    default:
      return { code: 'BASE_TYPE_INVALID', message: issue.message };
  }
}
