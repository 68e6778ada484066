import { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';
import type { OptionShape, ReferenceKind } from '../domain/surface.ts';
import type { OptionPlace, Placement } from './input.ts';

interface OptionInfo {
  readonly placement: Placement;
  readonly shape: OptionShape;
}

const optionInfo = z.registry<OptionInfo>();

/** On a copy, since one schema may serve several options. */
function placed<T extends z.ZodType>(schema: T, info: OptionInfo): T {
  const own = schema.clone();
  optionInfo.add(own, info);
  return own;
}

const text: OptionShape = { kind: 'text' };

/** Found by its place in the line, or by its name. */
export function positional<T extends z.ZodType>(schema: T, shape = text): T {
  return placed(schema, { placement: 'positional', shape });
}

/** Found only as `name=value`. */
export function named<T extends z.ZodType>(schema: T, shape = text): T {
  return placed(schema, { placement: 'named', shape });
}

/** All that is left of the line; it stands last. */
export function rest<T extends z.ZodType>(schema: T, shape = text): T {
  return placed(schema, { placement: 'rest', shape });
}

export const yesOrNo: OptionShape = { kind: 'yes or no' };

export function count(most: number): OptionShape {
  return { kind: 'count', most };
}

export function choice(choices: readonly string[]): OptionShape {
  return { kind: 'choice', choices };
}

export function reference(of: ReferenceKind): OptionShape {
  return { kind: 'reference', of };
}

export const Word = z.string().min(1, 'it is empty');

const YES: ReadonlySet<string> = new Set(['true', 'yes', '1']);
const NO: ReadonlySet<string> = new Set(['false', 'no', '0']);

export const YesOrNo = z
  .string()
  .toLowerCase()
  .refine((word) => YES.has(word) || NO.has(word), 'it must be true or false')
  .transform((word) => YES.has(word));

/** A whole number from 1 to a limit. */
export function countUpTo(limit: number) {
  const sentence = `it must be a whole number from 1 to ${limit}`;
  return z
    .string()
    .regex(/^\d{1,6}$/, sentence)
    .transform(Number)
    .refine((value) => value >= 1 && value <= limit, sentence);
}

export interface OptionDescription extends OptionPlace, OptionInfo {
  readonly required: boolean;
}

/** The options of a command in their order. */
export function describeOptions(options: z.ZodObject): readonly OptionDescription[] {
  return Object.entries(options.shape).map(([name, schema]) => {
    const info = schema instanceof z.ZodType ? optionInfo.get(schema) : undefined;
    if (info === undefined) throw new Error(`the option ${name} does not say where it stands`);
    return { name, ...info, required: !z.safeParse(schema, undefined).success };
  });
}

/** How a command is written: required options in angle brackets, optional ones in square brackets. */
export function usageOf(prefix: string, name: string, options: z.ZodObject): string {
  const words = describeOptions(options).map((option) => {
    const word = option.placement === 'named' ? `${option.name}=…` : option.name;
    return option.required ? `<${word}>` : `[${word}]`;
  });
  return [`${prefix}${name}`, ...words].join(' ');
}

/** @throws Refusal with the first thing that is wrong */
export function parseOptions<Options extends z.ZodType>(
  schema: Options,
  raw: Readonly<Record<string, string>>,
  usage: string,
): z.infer<Options> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0] ?? '');
  throw new Refusal(
    name in raw
      ? `The option ${name} is wrong: ${issue?.message} (usage: ${usage}).`
      : `The option ${name} is missing (usage: ${usage}).`,
  );
}
