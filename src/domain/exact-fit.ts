import { z } from 'zod';

/** True where parsing a value would give an equal one; false also where only parsing can tell. */
export type ExactFit<Content> = (value: unknown) => value is Content;

type Fit = (value: unknown) => boolean;

/**
 * A quick look that spares most events the parse: content as we wrote it, with no property too many, needs no copy.
 * Schemas that change what they take in, or check it in a way not known here, fit nothing.
 */
export function exactFit<Schema extends z.ZodType>(schema: Schema): ExactFit<z.output<Schema>> {
  const fits = fitOf(schema);
  return (value): value is z.output<Schema> => fits(value);
}

const fitsNothing: Fit = () => false;

function fitOf(schema: z.core.$ZodType): Fit {
  return withChecks(fitOfType(schema), schema._zod.def.checks ?? []);
}

function fitOfType(schema: z.core.$ZodType): Fit {
  if (schema instanceof z.core.$ZodStringFormat) {
    const { pattern } = schema._zod.def;
    return pattern === undefined ? fitsNothing : (value) => typeof value === 'string' && pattern.test(value);
  }
  if (schema instanceof z.ZodString) return (value) => typeof value === 'string';
  if (schema instanceof z.core.$ZodNumberFormat) {
    return schema._zod.def.format === 'safeint' ? Number.isSafeInteger : fitsNothing;
  }
  if (schema instanceof z.ZodNumber) return Number.isFinite;
  if (schema instanceof z.ZodBoolean) return (value) => typeof value === 'boolean';
  if (schema instanceof z.ZodEnum) {
    const options = new Set<unknown>(schema.options);
    return (value) => options.has(value);
  }
  if (schema instanceof z.ZodArray) {
    const element = fitOf(schema.def.element);
    return (value) => Array.isArray(value) && value.every(element);
  }
  if (schema instanceof z.ZodNullable) {
    const inner = fitOf(schema.def.innerType);
    return (value) => value === null || inner(value);
  }
  if (schema instanceof z.ZodObject) return fitOfObject(schema);
  return fitsNothing;
}

function fitOfObject({ shape }: z.ZodObject): Fit {
  const properties = new Map(Object.entries(shape).map(([key, schema]) => [key, fitOf(schema)]));
  return (value) => {
    if (!isObject(value)) return false;
    let found = 0;
    for (const key in value) {
      if (properties.get(key)?.(value[key]) !== true) return false;
      found++;
    }
    return found === properties.size;
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withChecks(fits: Fit, checks: readonly z.core.$ZodCheck<never>[]): Fit {
  const checked = checks.map(fitOfCheck);
  if (checked.length === 0) return fits;
  return (value) => fits(value) && checked.every((check) => check(value));
}

function fitOfCheck(check: z.core.$ZodCheck<never>): Fit {
  if (check instanceof z.core.$ZodCheckRegex) {
    const { pattern } = check._zod.def;
    return (value) => typeof value === 'string' && pattern.test(value);
  }
  if (check instanceof z.core.$ZodCheckMinLength) {
    const { minimum } = check._zod.def;
    return (value) => (typeof value === 'string' || Array.isArray(value)) && value.length >= minimum;
  }
  if (check instanceof z.core.$ZodCheckGreaterThan) {
    const { value: bound, inclusive } = check._zod.def;
    if (typeof bound !== 'number') return fitsNothing;
    return (value) => typeof value === 'number' && (inclusive ? value >= bound : value > bound);
  }
  return fitsNothing;
}
