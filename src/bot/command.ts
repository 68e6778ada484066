import type { z } from 'zod';
import type { Decider } from '../domain/decider.ts';
import type { DomainEvent, EventType, Recorded } from '../domain/events.ts';
import { type Language, languages, languageTags, type Words } from '../domain/languages/languages.ts';
import type { Cause, Handled } from '../domain/ledger.ts';
import type { Origin } from '../domain/policy.ts';
import type { ScopeSettings } from '../domain/scope-settings.ts';
import type {
  Action,
  CommandDescription,
  Form,
  Incoming,
  JsonObject,
  Listening,
  Localised,
  OptionShape,
  ReplyFile,
  Right,
} from '../domain/surface.ts';
import type { SpokenReply } from '../domain/voice.ts';
import type { OptionPlace } from './input.ts';
import { describeOptions, type OptionWords, parseOptions, type Spelling, usageOf } from './options.ts';
import type { ReferenceKind } from './references.ts';
import type { Services } from './services.ts';
import type { MayShow } from './shown-texts.ts';

/** What a command answers; a Refusal is thrown. */
export interface Answered {
  readonly text: string;
  readonly data?: JsonObject;
  readonly files?: readonly ReplyFile[];
  readonly actions?: readonly Action[];
  readonly spoken?: SpokenReply;
  readonly listening?: Listening;
  /** Of whoever asked, and nobody else's business: it is not even shown where a command was written for all to see. */
  readonly isPersonal?: true;
  /** False where the command was carried out and the result is a failure. */
  readonly ok?: boolean;
}

export interface CommandContext {
  readonly services: Services;
  readonly incoming: Incoming;
  /** Hears a model's answer grow, where the surface shows that. */
  readonly onText: ((textSoFar: string) => void) | undefined;
  readonly cause: Cause;
  /** The language of the person who asked. */
  readonly language: Language;
  readonly words: Words;
  readonly settings: ScopeSettings;
  /** Of the person who asked. */
  readonly isTrainer: boolean;
  /** Whether the words of somebody in some channel may be shown in the reply. */
  readonly mayShow: MayShow;
  /** The first event of this command where it was already carried out, wholly or in part. */
  readonly prior: Recorded | null;
  readonly commands: readonly Command[];
  /**
   * Decides, appends and waits until the read models show it.
   * @param origin of the text, where it came in another way than the command
   */
  handle<C, S, E extends DomainEvent>(
    stream: string,
    decider: Decider<C, S, E>,
    command: C,
    origin?: Origin,
  ): Promise<Handled<E>>;
  /** The full id that a prefix or `last` stands for. @throws Refusal */
  resolve(kind: ReferenceKind, reference: string): Promise<string>;
}

export type CommandName = keyof Words['commands'];
type OptionNames<Name extends CommandName> = keyof Words['commands'][Name]['options'];
/** Every option has its words, and no words are left over. */
type Options<Name extends CommandName> = z.ZodObject<{ [Option in OptionNames<Name>]: z.ZodType }>;

/** One definition for every surface. What it is called and what it means stands in the languages, by its name. */
export interface CommandDefinition<Name extends CommandName, Schema extends Options<Name>> {
  readonly name: Name;
  readonly right: Right;
  /** What the first event that it records can be; left out where it records nothing. */
  readonly begins?: readonly EventType[];
  /** Every surface where it is left out. */
  readonly surfaces?: readonly Incoming['surface'][];
  /** Whether there is nothing to it where voice is switched off. */
  readonly needsVoice?: boolean;
  /** Shown to nobody but the person who asked, where the surface can. */
  readonly isPrivate?: boolean;
  /** Whether a file may be sent along. */
  readonly takesFile?: boolean;
  readonly options: Schema;
  run(context: CommandContext, options: z.infer<Schema>): Promise<Answered>;
  /** What to fill in, for surfaces with forms; the options may be incomplete. @throws Refusal */
  form?(context: CommandContext, raw: Readonly<Record<string, string>>): Promise<Form>;
}

export interface Command {
  readonly name: CommandName;
  readonly right: Right;
  readonly begins: readonly EventType[];
  readonly surfaces: readonly Incoming['surface'][] | undefined;
  readonly needsVoice: boolean;
  readonly isPrivate: boolean;
  readonly takesFile: boolean;
  readonly options: z.ZodObject;
  /** @throws Refusal also where the options do not fit */
  execute(context: CommandContext, raw: Readonly<Record<string, string>>): Promise<Answered>;
  readonly form: ((context: CommandContext, raw: Readonly<Record<string, string>>) => Promise<Form>) | null;
}

export function defineCommand<Name extends CommandName, Schema extends Options<Name>>(
  definition: CommandDefinition<Name, Schema>,
): Command {
  const { run, name, right, begins = [], surfaces } = definition;
  const { needsVoice = false, isPrivate = false, takesFile = false } = definition;
  const options: z.ZodObject = definition.options;
  return {
    name,
    right,
    begins,
    surfaces,
    needsVoice,
    isPrivate,
    takesFile,
    options,
    execute: async (context, raw) => {
      const { prefix } = context.services.settings;
      return run(
        context,
        parseOptions(definition.options, raw, (words) => spellingOf(words, prefix, name, options)),
      );
    },
    form: definition.form?.bind(definition) ?? null,
  };
}

/** How a command is written in the words of a language. */
export function spellingOf(words: Words, prefix: string, name: CommandName, options: z.ZodObject): Spelling {
  const { name: called, options: names } = wordsOfCommand(words, name);
  return { usage: usageOf(prefix, called, options, names), names };
}

/** The options of a line, by their names in any language. */
export function optionPlaces({ name, options }: Pick<Command, 'name' | 'options'>): readonly OptionPlace[] {
  return describeOptions(options).map(({ name: option, placement }) => ({
    name: option,
    placement,
    aliases: languageTags.flatMap((tag) => wordsOfCommand(languages[tag], name).options[option]?.name ?? []),
  }));
}

/** By its name in any language. */
export function commandNamed(commands: readonly Command[], name: string): Command | undefined {
  return (
    commands.find((command) => command.name === name) ??
    commands.find((command) =>
      languageTags.some((tag) => wordsOfCommand(languages[tag], command.name).name === name),
    )
  );
}

export interface CommandWords {
  readonly name: string;
  readonly summary: string;
  /** A line that works as it stands, without the prefix. */
  readonly example: string;
  readonly options: Readonly<Record<string, OptionWords>>;
}

export function wordsOfCommand(words: Words, name: CommandName): CommandWords {
  return words.commands[name];
}

function choicesOf(shape: OptionShape): readonly string[] {
  return shape.kind === 'choice' ? shape.choices : [];
}

export function describeCommand({ name, right, options, takesFile, isPrivate }: Command): CommandDescription {
  const inEach = (say: (words: CommandWords) => string): Localised => ({
    en: say(wordsOfCommand(languages.en, name)),
    ru: say(wordsOfCommand(languages.ru, name)),
  });
  return {
    name,
    localisedName: inEach((words) => words.name),
    summary: inEach((words) => words.summary),
    right,
    options: describeOptions(options).map((option) => ({
      name: option.name,
      localisedName: inEach((words) => words.options[option.name]?.name ?? option.name),
      description: inEach((words) => words.options[option.name]?.description ?? option.name),
      localisedChoices: Object.fromEntries(
        choicesOf(option.shape).map((choice) => [
          choice,
          inEach((words) => words.options[option.name]?.choices?.[choice] ?? choice),
        ]),
      ),
      required: option.required,
      shape: option.shape,
    })),
    takesFile,
    isPrivate,
  };
}
