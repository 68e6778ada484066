import { z } from 'zod';
import { complaint, complaintOf } from '../domain/complaint.ts';
import { type Language, languages, languageTags, type Words } from '../domain/languages/languages.ts';
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

export const Word = z.string().refine(
  (word) => word !== '',
  complaint((words) => words.complaints.empty),
);

const YES = inAnyLanguage((words) => words.lines.yes);
const NO = inAnyLanguage((words) => words.lines.no);
const LAST = inAnyLanguage((words) => words.lines.last);

/** Whether a word stands for the latest thing of its kind, in any language. */
export function isLast(word: string): boolean {
  return LAST.has(word.toLowerCase());
}

function inAnyLanguage(of: (words: Words) => readonly string[]): ReadonlySet<string> {
  return new Set(languageTags.flatMap((tag) => of(languages[tag])));
}

export const YesOrNo = yesOrNoOr(/(?!)/).transform((word) => YES.has(word));

/** A word for yes or no, or one of another kind, in small letters. */
export function yesOrNoOr(other: RegExp) {
  return z
    .string()
    .toLowerCase()
    .refine(
      (word) => YES.has(word) || NO.has(word) || other.test(word),
      complaint((words) => words.complaints.notTrueOrFalse),
    );
}

/** Whether a word means yes, in any language. */
export function isYes(word: string): boolean {
  return YES.has(word);
}

/** A whole number from 1 to a limit. */
export function countUpTo(limit: number) {
  return z
    .string()
    .refine(
      (text) => /^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= limit,
      complaint((words) => words.complaints.notCount(limit)),
    )
    .transform(Number);
}

/** One of these, in capitals or small letters. */
export function oneOf<const Choice extends string>(choices: readonly Choice[]) {
  return z.string().transform((word, context): Choice => {
    const chosen = choices.find((known) => known === word.toLowerCase());
    if (chosen !== undefined) return chosen;
    context.addIssue({ code: 'custom', ...complaint((words) => words.complaints.notOneOf(choices)) });
    return z.NEVER;
  });
}

export interface OptionDescription extends OptionPlace, OptionInfo {
  readonly required: boolean;
}

const described = new WeakMap<z.ZodObject, readonly OptionDescription[]>();

/** The options of a command in their order. */
export function describeOptions(options: z.ZodObject): readonly OptionDescription[] {
  const known = described.get(options);
  if (known !== undefined) return known;
  const description = descriptionOf(options);
  described.set(options, description);
  return description;
}

function descriptionOf(options: z.ZodObject): readonly OptionDescription[] {
  return Object.entries(options.shape).map(([name, schema]) => {
    const info = schema instanceof z.ZodType ? optionInfo.get(schema) : undefined;
    if (info === undefined) throw new Error(`the option ${name} does not say where it stands`);
    return { name, ...info, required: !z.safeParse(schema, undefined).success };
  });
}

export interface OptionWords {
  readonly name: string;
  readonly description: string;
  /** What its choices are called, by what they are to the command. */
  readonly choices?: Readonly<Record<string, string>>;
}

/** How the options of a command are called in a language. */
export type OptionNames = Readonly<Record<string, Pick<OptionWords, 'name' | 'choices'>>>;

/** How a command is written: required options in angle brackets, optional ones in square brackets. */
export function usageOf(prefix: string, name: string, options: z.ZodObject, names: OptionNames = {}): string {
  const words = describeOptions(options).map((option) => {
    const shown = names[option.name]?.name ?? option.name;
    const word = option.placement === 'named' ? `${shown}=…` : shown;
    return option.required ? `<${word}>` : `[${word}]`;
  });
  return [`${prefix}${name}`, ...words].join(' ');
}

/** How a command is written in the words of a language. */
export interface Spelling {
  readonly usage: string;
  readonly names: OptionNames;
}

/** @throws Refusal with the first thing that is wrong */
export function parseOptions<Options extends z.ZodObject>(
  schema: Options,
  raw: Readonly<Record<string, string>>,
  spelling: (words: Words) => Spelling,
): z.infer<Options> {
  const given = canonical(schema, raw, (tag) => spelling(languages[tag]).names);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const name = String(parsed.error.issues[0]?.path[0] ?? '');
  const shape = describeOptions(schema).find((option) => option.name === name)?.shape;
  throw new Refusal((words) => {
    const { usage, names } = spelling(words);
    const { name: option = name, choices = {} } = names[name] ?? {};
    if (!(name in raw)) return words.lines.optionMissing({ option, usage });
    const complaint =
      shape?.kind === 'choice'
        ? words.complaints.notOneOf(shape.choices.map((choice) => choices[choice] ?? choice))
        : complaintOf(parsed.error)(words);
    return words.lines.optionWrong({ option, complaint, usage });
  });
}

/** `last` and the choices as commands know them, in whatever language they were written. */
function canonical(
  options: z.ZodObject,
  raw: Readonly<Record<string, string>>,
  namesIn: (language: Language) => OptionNames,
): Record<string, string> {
  const given = { ...raw };
  if (Object.keys(given).length === 0) return given;
  const spoken = languageTags.map(namesIn);
  for (const { name, shape } of describeOptions(options)) {
    const written = raw[name]?.toLowerCase();
    if (written === undefined) continue;
    if (shape.kind === 'reference' && isLast(written)) given[name] = 'last';
    const choices = spoken.flatMap((names) => Object.entries(names[name]?.choices ?? {}));
    const chosen = choices.find(([, called]) => called === written);
    if (chosen !== undefined) given[name] = chosen[0];
  }
  return given;
}
