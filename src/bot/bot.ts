import { closest, distance } from 'fastest-levenshtein';
import type { Recorded } from '../domain/events.ts';
import { type Cause, handle, LedgerError } from '../domain/ledger.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Bot, Incoming, Reply } from '../domain/surface.ts';
import { eventsPage, firstOrdinalOf } from '../projections/history.ts';
import type { Answered, Command, CommandContext } from './command.ts';
import { commands } from './commands/all.ts';
import { splitCommand, splitOptions } from './input.ts';
import { describeOptions } from './options.ts';
import { ask, usedId } from './processes/conversation.ts';
import { TrainingProcess } from './processes/training.ts';
import { eventOf } from './recorded-event.ts';
import { resolveReference, subjectOf } from './references.ts';
import type { Adapters, Services, Settings } from './services.ts';
import { excerpt } from './words.ts';

/** The bot over the given adapters; training jobs that were left unfinished are taken up again at once. */
export async function createBot(adapters: Adapters, settings: Settings): Promise<Bot> {
  const training = await TrainingProcess.start(adapters);
  return new RunningBot({ ...adapters, settings, training });
}

/** What a person wants: a command by name, or an answer to what they wrote. */
type Wish =
  | { readonly command: 'ask'; readonly text: string }
  /** The options as they stand in the line, or already told apart by the surface. */
  | { readonly command: Command; readonly options: string | Readonly<Record<string, string>> };

class RunningBot implements Bot {
  readonly #services: Services;
  /** The same command arriving again while it runs joins the run. */
  readonly #running = new Map<string, Promise<Reply>>();
  #closing = false;

  constructor(services: Services) {
    this.#services = services;
  }

  get prefix(): string {
    return this.#services.settings.prefix;
  }

  notices: Bot['notices'] = (scope, listener, signal) =>
    this.#services.training.notices(
      scope,
      (notice) => listener({ ...notice, text: withPrefix(notice.text, this.prefix) }),
      signal,
    );

  idle: Bot['idle'] = (scope) => this.#services.training.idle(scope);

  run(incoming: Incoming): Promise<Reply> {
    const running = this.#running.get(incoming.id);
    if (running !== undefined) return running;
    const reply = this.#reply(incoming).finally(() => this.#running.delete(incoming.id));
    this.#running.set(incoming.id, reply);
    return reply;
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#services.training.close();
    await Promise.allSettled(this.#running.values());
  }

  async #reply(incoming: Incoming): Promise<Reply> {
    let name = '';
    try {
      if (this.#closing) throw new Refusal('The bot is closing; try again when it is back.');
      const wish = this.#wishOf(incoming);
      name = wish.command === 'ask' ? 'ask' : wish.command.name;
      const context = await this.#contextOf(incoming);
      const answered =
        wish.command === 'ask'
          ? await ask(context, wish.text)
          : await this.#execute(context, wish.command, wish.options);
      const { text, ok = true, data = {}, files = [] } = answered;
      return { command: name, ok, text, data, files };
    } catch (error) {
      return { command: name, ok: false, text: this.#sentenceFor(error), data: {}, files: [] };
    }
  }

  #execute(
    context: CommandContext,
    command: Command,
    options: string | Readonly<Record<string, string>>,
  ): Promise<Answered> {
    const { surface, actor } = context.incoming;
    if (command.surfaces?.includes(surface) === false) {
      throw new Refusal(`${this.prefix}${command.name} is not there on this surface.`);
    }
    if (command.right === 'trainer' && !actor.trainer) {
      throw new Refusal(`${this.prefix}${command.name} is for trainers; ask one of them.`);
    }
    if (context.prior !== null && command.begins?.includes(context.prior.type) !== true) throw usedId();
    const raw =
      typeof options === 'string' ? splitOptions(options, describeOptions(command.options)) : options;
    return command.execute(context, raw);
  }

  #wishOf({ input }: Incoming): Wish {
    if (input.kind === 'command') return { command: this.#commandNamed(input.name), options: input.options };
    const split = splitCommand(input.text, this.prefix);
    if (split === undefined) return { command: 'ask', text: input.text };
    return { command: this.#commandNamed(split.name), options: split.rest };
  }

  #commandNamed(name: string): Command {
    const command = commands.find((candidate) => candidate.name === name);
    if (command === undefined) throw new Refusal(this.#unknownCommand(name));
    return command;
  }

  #unknownCommand(name: string): string {
    const shown = `${this.prefix}${excerpt(name, 40)}`;
    const help = `${this.prefix}help lists the commands`;
    const nearest = closest(
      name,
      commands.map((command) => command.name),
    );
    const isNear = distance(nearest, name) <= Math.min(Math.max(2, name.length / 3), name.length - 1);
    return isNear
      ? `There is no command ${shown}; did you mean ${this.prefix}${nearest}? ${help}.`
      : `There is no command ${shown}; ${help}.`;
  }

  async #contextOf(incoming: Incoming): Promise<CommandContext> {
    const services = this.#services;
    const { ledger, clock, readModels } = services;
    const { id: commandId, scope, channel, origin, actor } = incoming;
    const cause: Cause = { commandId, actor: actor.id, scope, channel, origin };
    const before = (await firstOrdinalOf(readModels.db, commandId)) ?? null;
    const prior = before === null ? null : await this.#eventAt(before, scope);
    return {
      services,
      incoming,
      cause,
      prior,
      commands,
      handle: async (stream, decider, command) => {
        const handled = await handle({ ledger, clock }, stream, decider, command, cause);
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

  #sentenceFor(error: unknown): string {
    if (error instanceof Refusal) return withPrefix(error.message, this.prefix);
    if (error instanceof LedgerError) return ledgerSentence(error);
    this.#services.reportFault(error);
    const message = error instanceof Error ? error.message : String(error);
    return `Something went wrong inside the bot (${excerpt(message)}); the operator finds more in its output.`;
  }
}

/** Refusals name commands with the usual prefix, as not everything that refuses knows the one that is set. */
function withPrefix(sentence: string, prefix: string): string {
  return prefix === '!' ? sentence : sentence.replace(/(?<!\S)!(?=[a-z])/g, () => prefix);
}

function ledgerSentence({ fault, message }: LedgerError): string {
  switch (fault.kind) {
    case 'conflict':
      return 'Others are changing the same thing right now, so nothing was done; try again.';
    case 'too_large':
      return 'That is too large to be recorded, so nothing was done; shorten it or send it as a file.';
    case 'not_json':
      return `That cannot be recorded, so nothing was done: ${fault.reason}.`;
    case 'unavailable':
      return fault.written === 'no'
        ? `Nothing was done, because ${message}; try again when that is mended.`
        : `It is not known whether that was done, because ${message}; send the same command again, it is done once.`;
  }
}
