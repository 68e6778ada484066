import { type Recorded, UnreadableEvent } from '../domain/events.ts';
import { FoldedStreams } from '../domain/folded-streams.ts';
import { type Language, languageFor, languages, type Words } from '../domain/languages/languages.ts';
import { type Cause, handle } from '../domain/ledger.ts';
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
import { commandsOnDiscord } from './commands-on-discord.ts';
import { ConsentNews } from './consent-news.ts';
import { isAway, isFault, sentenceFor } from './failures.ts';
import { splitCommand, splitOptions } from './input.ts';
import { jobStatus } from './job-status.ts';
import { KnownSettings } from './known-settings.ts';
import { isNearly, nearestCommand } from './near-commands.ts';
import { withPrefix } from './prefix.ts';
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
  const reportFault = unreadableOnce(adapters.reportFault);
  const training = await TrainingProcess.start({ ...adapters, reportFault, streams }, settings);
  return new RunningBot({ ...adapters, reportFault, settings, streams, training, exporting: new Set() });
}

/** Everybody who reads meets an event that cannot be read, again and again. */
function unreadableOnce(report: Adapters['reportFault']): Adapters['reportFault'] {
  const reported = new Set<string>();
  return (fault, facts) => {
    if (fault instanceof UnreadableEvent) {
      if (reported.has(fault.message)) return;
      reported.add(fault.message);
    }
    report(fault, facts);
  };
}

/** What a person wants: a command by name, or an answer to what they wrote. */
type Wish =
  | { readonly command: 'ask'; readonly text: string }
  | { readonly command: 'ask'; readonly said: SpeechInput | UtteranceInput }
  /** The options as they stand in the line, or already told apart by the surface. */
  | { readonly command: Command; readonly options: string | Readonly<Record<string, string>> };

/** What commands from a menu begin with. */
const SLASH = '/';

type Speaker = Pick<Incoming, 'scope' | 'locale' | 'placeLocale'>;

class RunningBot implements Bot {
  readonly commands: readonly CommandDescription[];
  /** Without what is switched off: that can still be asked for, and says so. */
  readonly #onDiscord: readonly Command[];
  readonly #services: Services;
  /** The same command arriving again while it runs joins the run. */
  readonly #running = new Map<string, Promise<Reply>>();
  readonly #settings: KnownSettings;
  readonly #consents: ConsentNews;
  #closing = false;

  constructor(services: Services) {
    this.#services = services;
    this.#settings = new KnownSettings(services.readModels);
    this.#consents = new ConsentNews(services.readModels);
    this.#onDiscord = commandsOnDiscord({ hasVoice: services.soundDecoder !== null });
    this.commands = this.#onDiscord.map(describeCommand);
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

  isNearlyCommand: Bot['isNearlyCommand'] = (name) => isNearly(this.#onDiscord, name);

  jobStatus: Bot['jobStatus'] = async (scope, job, locale) =>
    jobStatus(this.#services, scope, job, await this.#languageOf({ scope, locale }));

  mayHear: Bot['mayHear'] = (scope, member) => mayHear(this.#services.readModels, scope, member);

  consents: Bot['consents'] = (listener, signal) => this.#consents.follow(listener, signal);

  recordVoice: Bot['recordVoice'] = (report) => recordVoice(this.#services, report);

  suggest: Bot['suggest'] = async (request) => {
    const command = this.#knownCommand(request.command);
    if (command === undefined) return [];
    const settings = await this.settingsOf(request.scope);
    if (!hasRight(command.right, request.actor, settings)) return [];
    const language = await this.#languageOf(request);
    const isTrainer = hasRight('trainer', request.actor, settings);
    const context = {
      services: this.#services,
      commands: this.#onDiscord,
      isTrainer,
      words: languages[language],
    };
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
      // As where somebody has made a button of their own.
      if (command.form === null) throw new Refusal((words) => words.interactions.unknownButton);
      return { form: await command.form(context, options) };
    } catch (error) {
      return { reply: this.#failed(incoming, name, error, language) };
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
      return this.#failed(incoming, name, error, language);
    }
  }

  #failed(incoming: Incoming, command: string, error: unknown, language: Language): Reply {
    const { id, scope } = incoming;
    if (isFault(error)) this.#services.reportFault(error, { id, command, scope });
    const text = sentenceFor(error, languages[language], this.#prefixFor(incoming));
    const failed = isFault(error) || isAway(error) ? { failed: true as const } : {};
    return { command, ok: false, ...failed, text, data: {}, files: [], actions: [], isPrivate: true };
  }

  /** As whoever asked would go on: from a menu, or by what is heard there. */
  #prefixFor({ origin, prefix = this.prefix }: Incoming): string {
    return origin === 'interaction' ? SLASH : prefix;
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
  #checkRight({ incoming, settings }: CommandContext, command: Command): void {
    const { surface, actor } = incoming;
    const shown = (words: Words) => `${this.#prefixFor(incoming)}${wordsOfCommand(words, command.name).name}`;
    if (command.surfaces?.includes(surface) === false) {
      throw new Refusal((words) => words.bot.notHere(shown(words)));
    }
    if (!hasRight(command.right, actor, settings)) {
      const isForManagers = command.right === 'manager';
      throw new Refusal((words) => words.bot[isForManagers ? 'forManagers' : 'forTrainers'](shown(words)));
    }
  }

  #wishOf(incoming: Incoming): Wish {
    const { input } = incoming;
    if (input.kind === 'command') {
      return { command: this.#commandNamed(input.name, incoming), options: input.options };
    }
    // Whatever a server makes of a sound, it is no command.
    if (input.kind !== 'text') return { command: 'ask', said: input };
    const split = splitCommand(input.text, this.prefix);
    if (split === undefined) return { command: 'ask', text: input.text };
    return { command: this.#commandNamed(split.name, incoming), options: split.rest };
  }

  #commandNamed(name: string, incoming: Incoming): Command {
    const command = this.#knownCommand(name);
    if (command !== undefined) return command;
    const prefix = this.#prefixFor(incoming);
    const near = nearestCommand(this.#commandsOn(incoming), name);
    const shown = `${prefix}${excerpt(name, 40)}`;
    const nearest = near === null ? null : `${prefix}${near}`;
    throw new Refusal((words) => words.bot.noCommand({ shown, nearest, prefix }));
  }

  #commandsOn({ surface }: Incoming): readonly Command[] {
    return surface === 'discord' ? this.#onDiscord : commands;
  }

  #knownCommand(name: string): Command | undefined {
    return commandNamed(commands, name);
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
    const { settings: usual } = this.#services;
    // Commands name others as they are written where this one came from.
    const services = { ...this.#services, settings: { ...usual, prefix: this.#prefixFor(incoming) } };
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
      commands: this.#commandsOn(incoming),
      handle: async (stream, decider, command, textOrigin = origin) => {
        const causeOfText = { ...cause, origin: textOrigin };
        const handled = await handle({ ledger, clock, streams }, stream, decider, command, causeOfText);
        await readModels.caughtUpWith(handled.position);
        await this.#consents.tell(scope, handled.events);
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
}
