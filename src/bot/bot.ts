import { closest, distance } from 'fastest-levenshtein';
import type { Recorded } from '../domain/events.ts';
import { FoldedStreams } from '../domain/folded-streams.ts';
import {
  type Language,
  languageFor,
  languages,
  languageTags,
  type Words,
} from '../domain/languages/languages.ts';
import { type Cause, DISK_FULL, handle, LedgerError } from '../domain/ledger.ts';
import { Refusal } from '../domain/refusal.ts';
import type {
  Bot,
  CommandDescription,
  Incoming,
  Reply,
  SpeechInput,
  UtteranceInput,
} from '../domain/surface.ts';
import { eventsPage, firstOrdinalOf } from '../projections/history.ts';
import type { Adapters, Settings } from './adapters.ts';
import {
  type Answered,
  type Command,
  type CommandContext,
  commandNamed,
  describeCommand,
  optionPlaces,
  wordsOfCommand,
} from './command.ts';
import { commands } from './commands/all.ts';
import { splitCommand, splitOptions } from './input.ts';
import { jobStatus } from './job-status.ts';
import { KnownSettings } from './known-settings.ts';
import { ask, usedId } from './processes/conversation.ts';
import { hear, mayHear } from './processes/hearing.ts';
import { recordVoice } from './processes/speaking.ts';
import { TrainingProcess } from './processes/training.ts';
import { eventOf } from './recorded-event.ts';
import { resolveReference, subjectOf } from './references.ts';
import { hasRight } from './rights.ts';
import type { Services } from './services.ts';
import { mayShowTo } from './shown-texts.ts';
import { suggestions } from './suggestions.ts';
import { excerpt } from './words.ts';

/** The bot over the given adapters; training jobs that were left unfinished are taken up again at once. */
export async function createBot(adapters: Adapters, settings: Settings): Promise<Bot> {
  const streams = new FoldedStreams();
  const training = await TrainingProcess.start({ ...adapters, streams }, settings);
  return new RunningBot({ ...adapters, settings, streams, training, exporting: new Set() });
}

/** What a person wants: a command by name, or an answer to what they wrote. */
type Wish =
  | { readonly command: 'ask'; readonly text: string }
  | { readonly command: 'ask'; readonly said: SpeechInput | UtteranceInput }
  /** The options as they stand in the line, or already told apart by the surface. */
  | { readonly command: Command; readonly options: string | Readonly<Record<string, string>> };

type Speaker = Pick<Incoming, 'scope' | 'locale' | 'placeLocale'>;

/** Those for menus; a console has none. */
const onDiscord = commands.filter(({ surfaces }) => surfaces?.includes('discord') ?? true);

class RunningBot implements Bot {
  readonly commands: readonly CommandDescription[];
  readonly #services: Services;
  /** The same command arriving again while it runs joins the run. */
  readonly #running = new Map<string, Promise<Reply>>();
  readonly #settings: KnownSettings;
  #closing = false;

  constructor(services: Services) {
    this.#services = services;
    this.#settings = new KnownSettings(services.readModels);
    this.commands = onDiscord.map(describeCommand);
  }

  get prefix(): string {
    return this.#services.settings.prefix;
  }

  notices: Bot['notices'] = (scope, listener, signal) =>
    this.#services.training.notices(
      scope,
      (notice, of) => listener({ ...notice, text: withPrefix(notice.text, this.prefix) }, of),
      signal,
    );

  idle: Bot['idle'] = (scope) => this.#services.training.idle(scope);

  settingsOf: Bot['settingsOf'] = (scope) => this.#settings.of(scope);

  jobStatus: Bot['jobStatus'] = async (scope, job, locale) =>
    jobStatus(this.#services, scope, job, await this.#languageOf({ scope, locale }));

  mayHear: Bot['mayHear'] = (scope, member) => mayHear(this.#services.readModels, scope, member);

  recordVoice: Bot['recordVoice'] = (report) => recordVoice(this.#services, report);

  suggest: Bot['suggest'] = async (request) => {
    const command = this.#knownCommand(request.command);
    if (command === undefined) return [];
    const settings = await this.settingsOf(request.scope);
    if (!hasRight(command.right, request.actor, settings)) return [];
    const language = await this.#languageOf(request);
    const isTrainer = hasRight('trainer', request.actor, settings);
    const context = { services: this.#services, commands: onDiscord, isTrainer, words: languages[language] };
    return suggestions(context, command, request);
  };

  run(incoming: Incoming, onText?: (textSoFar: string) => void): Promise<Reply> {
    const running = this.#running.get(incoming.id);
    if (running !== undefined) return running;
    const reply = this.#reply(incoming, onText).finally(() => this.#running.delete(incoming.id));
    this.#running.set(incoming.id, reply);
    return reply;
  }

  form: Bot['form'] = async (incoming) => {
    const language = await this.#languageOf(incoming);
    let name = '';
    try {
      const wish = this.#wishOf(incoming);
      if (wish.command === 'ask' || typeof wish.options === 'string') throw new Error('text has no form');
      const { command, options } = wish;
      name = command.name;
      const context = await this.#contextOf(incoming, language, { records: false });
      this.#checkRight(context, command);
      if (command.form === null) throw new Error(`${command.name} has no form`);
      return { form: await command.form(context, options) };
    } catch (error) {
      return { reply: this.#failed(name, error, language) };
    }
  };

  async close(): Promise<void> {
    this.#closing = true;
    await this.#services.training.close();
    await Promise.allSettled(this.#running.values());
  }

  async #reply(incoming: Incoming, onText?: (textSoFar: string) => void): Promise<Reply> {
    let name = '';
    let language = this.#services.settings.language;
    try {
      if (this.#closing) throw new Refusal((words) => words.bot.closing);
      language = await this.#languageOf(incoming);
      const wish = this.#wishOf(incoming);
      name = wish.command === 'ask' ? 'ask' : wish.command.name;
      const records = wish.command === 'ask' || wish.command.begins.length > 0;
      const context = await this.#contextOf(incoming, language, { records, onText });
      const answered =
        wish.command === 'ask'
          ? await ('said' in wish ? hear(context, wish.said) : ask(context, wish.text))
          : await this.#execute(context, wish.command, wish.options);
      const { text, ok = true, data = {}, files = [], actions = [] } = answered;
      const { spoken, listening, isPersonal } = answered;
      const isPrivate = !ok || (wish.command !== 'ask' && wish.command.isPrivate);
      const more = {
        ...(isPersonal && { isPersonal }),
        ...(spoken && { spoken }),
        ...(listening && { listening }),
      };
      return { command: name, ok, text, data, files, actions, isPrivate, ...more };
    } catch (error) {
      return this.#failed(name, error, language);
    }
  }

  #failed(command: string, error: unknown, language: Language): Reply {
    const text = this.#sentenceFor(error, language);
    return { command, ok: false, text, data: {}, files: [], actions: [], isPrivate: true };
  }

  #execute(
    context: CommandContext,
    command: Command,
    options: string | Readonly<Record<string, string>>,
  ): Promise<Answered> {
    this.#checkRight(context, command);
    if (context.prior !== null && !command.begins.includes(context.prior.type)) throw usedId();
    const raw = typeof options === 'string' ? splitOptions(options, optionPlaces(command)) : options;
    return command.execute(context, raw);
  }

  /** The last gate: whatever a surface shows or hides, this decides. */
  #checkRight({ incoming: { surface, actor }, settings }: CommandContext, command: Command): void {
    if (command.surfaces?.includes(surface) === false) {
      throw new Refusal((words) => words.bot.notHere(this.#shown(words, command)));
    }
    if (!hasRight(command.right, actor, settings)) {
      const isForManagers = command.right === 'manager';
      throw new Refusal((words) =>
        words.bot[isForManagers ? 'forManagers' : 'forTrainers'](this.#shown(words, command)),
      );
    }
  }

  #wishOf({ input }: Incoming): Wish {
    if (input.kind === 'command') return { command: this.#commandNamed(input.name), options: input.options };
    // Whatever a server makes of a sound, it is no command.
    if (input.kind !== 'text') return { command: 'ask', said: input };
    const split = splitCommand(input.text, this.prefix);
    if (split === undefined) return { command: 'ask', text: input.text };
    return { command: this.#commandNamed(split.name), options: split.rest };
  }

  #commandNamed(name: string): Command {
    const command = this.#knownCommand(name);
    if (command === undefined) throw this.#unknownCommand(name);
    return command;
  }

  #knownCommand(name: string): Command | undefined {
    return commandNamed(commands, name);
  }

  #shown(words: Words, { name }: Command): string {
    return `${this.prefix}${wordsOfCommand(words, name).name}`;
  }

  #unknownCommand(name: string): Refusal {
    const shown = `${this.prefix}${excerpt(name, 40)}`;
    const known = languageTags.flatMap((tag) =>
      commands.map((command) => wordsOfCommand(languages[tag], command.name).name),
    );
    const near = closest(name, known);
    const isNear = distance(near, name) <= Math.min(Math.max(2, name.length / 3), name.length - 1);
    const nearest = isNear ? `${this.prefix}${near}` : null;
    return new Refusal((words) => words.bot.noCommand({ shown, nearest, prefix: this.prefix }));
  }

  async #languageOf({ scope, locale, placeLocale }: Speaker): Promise<Language> {
    const { locale: chosen } = await this.settingsOf(scope);
    return languageFor({ locale, placeLocale, chosen, usual: this.#services.settings.language });
  }

  /** @param records whether something can have been recorded for it before */
  async #contextOf(
    incoming: Incoming,
    language: Language,
    {
      records,
      onText,
    }: { readonly records: boolean; readonly onText?: ((textSoFar: string) => void) | undefined },
  ): Promise<CommandContext> {
    const services = this.#services;
    const { ledger, clock, streams, readModels } = services;
    const { id: commandId, scope, channel, origin, actor } = incoming;
    const cause: Cause = { commandId, actor: actor.id, scope, channel, origin };
    const before = records ? ((await firstOrdinalOf(readModels.db, commandId)) ?? null) : null;
    const prior = before === null ? null : await this.#eventAt(before, scope);
    const settings = await this.settingsOf(scope);
    const isTrainer = hasRight('trainer', actor, settings);
    return {
      services,
      incoming,
      onText,
      cause,
      language,
      words: languages[language],
      settings,
      isTrainer,
      mayShow: mayShowTo(incoming, isTrainer),
      prior,
      commands,
      handle: async (stream, decider, command, textOrigin = origin) => {
        const causeOfText = { ...cause, origin: textOrigin };
        const handled = await handle({ ledger, clock, streams }, stream, decider, command, causeOfText);
        await readModels.caughtUpWith(handled.position);
        return handled;
      },
      resolve: async (kind, reference) =>
        subjectOf(prior, kind) ?? resolveReference(readModels, { scope, channel, before }, kind, reference),
    };
  }

  async #eventAt(ordinal: number, scope: string): Promise<Recorded | null> {
    const { readModels, ledger } = this.#services;
    const [row] = await eventsPage(readModels.db, { scope, before: ordinal + 1, limit: 1 });
    return row === undefined ? null : eventOf(ledger, row);
  }

  #sentenceFor(error: unknown, language: Language): string {
    const words = languages[language];
    if (error instanceof Refusal) return withPrefix(error.inWords(words), this.prefix);
    if (error instanceof LedgerError) return ledgerSentence(error, words);
    this.#services.reportFault(error);
    return words.bot.fault(excerpt(error instanceof Error ? error.message : String(error)));
  }
}

/** Refusals name commands with the usual prefix, as not everything that refuses knows the one that is set. */
function withPrefix(sentence: string, prefix: string): string {
  return prefix === '!' ? sentence : sentence.replace(/(?<!\S)!(?=\p{Ll})/gu, () => prefix);
}

function ledgerSentence({ fault }: LedgerError, { ledger }: Words): string {
  switch (fault.kind) {
    case 'conflict':
      return ledger.conflict;
    case 'too_large':
      return ledger.tooLarge;
    case 'not_json':
      return ledger.notJson(fault.reason);
    case 'unavailable':
      if (fault.reason === DISK_FULL) return ledger.full;
      return fault.written === 'no' ? ledger.notWritten(fault.reason) : ledger.perhapsWritten(fault.reason);
  }
}
