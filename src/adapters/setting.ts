import { z } from 'zod';

/** A setting from a text (or nothing) to a value, with the words that explain it to operators. */
export interface Setting<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly variable: string;
  readonly purpose: string;
  /** What a value must be, to complete "… must be …". */
  readonly allowed: string;
  /** Never shown. */
  readonly secret?: true;
}

export function setting<Schema extends z.ZodType>(
  schema: Schema,
  description: Omit<Setting<Schema>, 'schema'>,
): Setting<Schema> {
  return { schema, ...description };
}

export function WholeNumber(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(least).max(most));
}
