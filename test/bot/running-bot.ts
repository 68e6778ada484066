import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { createExampleReader } from '../../src/adapters/files/example-reader.ts';
import { openVault } from '../../src/adapters/files/vault.ts';
import { openWorkspace } from '../../src/adapters/files/workspace.ts';
import { openSqliteLedger } from '../../src/adapters/ledger/sqlite.ts';
import { createEmbeddedModel } from '../../src/adapters/models/embedded/model.ts';
import { createEmbeddedTrainer } from '../../src/adapters/models/embedded/trainer.ts';
import type { Adapters } from '../../src/bot/adapters.ts';
import { createBot } from '../../src/bot/bot.ts';
import { ownershipTiming } from '../../src/bot/processes/ownership.ts';
import { decodeEvent, type Recorded } from '../../src/domain/events.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import type { Origin } from '../../src/domain/policy.ts';
import type { ChatModel, SourceFile, Trainer } from '../../src/domain/ports.ts';
import type {
  Action,
  Actor,
  Bot,
  Incoming,
  Reply,
  Suggestion,
  VoicePlace,
} from '../../src/domain/surface.ts';
import { openReadModels } from '../../src/projections/projector.ts';
import { TextAsSound } from '../stand-ins/text-as-sound.ts';

// Models take their time to start while others use the machine.
vi.setConfig({ testTimeout: 60_000 });

export const TRAINERS = 'role-trainers';

/** Who takes part: two members, a trainer by role and whoever runs the place. */
export const people = {
  ada: { id: 'ada', manager: false, roles: [] },
  bob: { id: 'bob', manager: false, roles: ['role-others'] },
  tess: { id: 'tess', manager: false, roles: [TRAINERS] },
  max: { id: 'max', manager: true, roles: [] },
} as const satisfies Record<string, Actor>;
export type Person = keyof typeof people;

export interface Circumstances {
  readonly id?: string;
  readonly scope?: string;
  readonly channel?: string;
  readonly origin?: Origin;
  readonly locale?: string | null;
  readonly placeLocale?: string | null;
  readonly attachments?: readonly SourceFile[];
  readonly voice?: VoicePlace | null;
  readonly isPrivate?: boolean;
  readonly mayRead?: (channel: string) => Promise<boolean>;
}

interface Beginning
  extends Partial<Pick<Adapters, 'soundDecoder' | 'transcriber' | 'process' | 'vault' | 'reportFault'>> {
  readonly trainers?: boolean;
  /** One that others write to as well. */
  readonly ledger?: Ledger;
  /** Of more than one trainer. */
  readonly providers?: Adapters['providers'];
  /** The embedded ones where they are left out. */
  readonly chatModel?: ChatModel;
  readonly trainer?: Trainer;
}

/** The real bot over real files in a directory of its own, which people talk to as they do on Discord. */
export class RunningBot {
  readonly directory: string;
  readonly bot: Bot;
  readonly ledger: Ledger;
  readonly #name: string;
  #messages = 0;

  /** @param trainers whether the role is set as that of the trainers, in the usual place */
  static async begin({
    trainers = true,
    soundDecoder = new TextAsSound(),
    transcriber = null,
    reportFault = (fault) => {
      throw fault;
    },
    chatModel,
    trainer,
    providers,
    ledger: shared,
    process = { id: 'this-process', isAlone: true, timing: ownershipTiming(60_000) },
    vault: given,
  }: Beginning = {}): Promise<RunningBot> {
    const directory = await mkdtemp(join(tmpdir(), 'bot-'));
    const ledger = shared ?? (await openSqliteLedger({ file: join(directory, 'ledger.sqlite') }));
    const readModels = await openReadModels({ file: join(directory, 'read-models.sqlite'), ledger });
    const vault = given ?? openVault(join(directory, 'vault'));
    const bot = await createBot(
      {
        ledger,
        readModels,
        clock: { now: () => new Date() },
        vault,
        workspace: openWorkspace(directory),
        exampleReader: createExampleReader(),
        providers: providers ?? [
          {
            trainer: trainer ?? createEmbeddedTrainer({ vault }),
            chatModel: chatModel ?? createEmbeddedModel({ vault, commandPrefix: '!' }),
          },
        ],
        transcriber,
        soundDecoder,
        process,
        reportFault,
      },
      {
        prefix: '!',
        contextTurns: 2,
        conversationGapMinutes: 10,
        instructions: { source: 'built-in' },
        language: 'en',
      },
    );
    onTestFinished(async () => {
      await bot.close();
      await readModels.close();
      if (shared === undefined) await ledger.close();
      await rm(directory, { recursive: true, force: true });
    });
    const running = new RunningBot(directory, bot, ledger, `message-to-${process.id}`);
    if (trainers) await running.does('max', 'settings', { trainers: TRAINERS });
    return running;
  }

  private constructor(directory: string, bot: Bot, ledger: Ledger, messages: string) {
    this.#name = messages;
    this.directory = directory;
    this.bot = bot;
    this.ledger = ledger;
  }

  /** In a message of the channel. */
  says(who: Person, text: string, around: Circumstances = {}): Promise<Reply> {
    return this.bot.run(this.#incoming(who, { kind: 'text', text }, { origin: 'message', ...around }));
  }

  /** In a voice message, or in files, with what is written along. */
  sends(
    who: Person,
    sounds: readonly SourceFile[],
    { text = '', ...around }: Circumstances & { readonly text?: string } = {},
  ): Promise<Reply> {
    return this.bot.run(
      this.#incoming(who, { kind: 'speech', text, sounds }, { origin: 'voice', ...around }),
    );
  }

  /** Aloud in a voice channel. */
  speaks(
    who: Person,
    words: string,
    { calledBy = null, ...around }: Circumstances & { readonly calledBy?: readonly string[] | null } = {},
  ): Promise<Reply> {
    const packets = [new TextEncoder().encode(words)];
    const input = { kind: 'utterance', packets, isCut: false, calledBy } as const;
    return this.bot.run(this.#incoming(who, input, { origin: 'voice', channel: 'hall', ...around }));
  }

  /** By a menu, a form or a button. */
  does(
    who: Person,
    name: string,
    options: Readonly<Record<string, string>> = {},
    around: Circumstances = {},
  ): Promise<Reply> {
    return this.bot.run(this.#incoming(who, { kind: 'command', name, options }, around));
  }

  presses(who: Person, action: Action | undefined, around: Circumstances = {}): Promise<Reply> {
    if (action === undefined) throw new Error('there is no such button');
    return this.does(who, action.request.command, action.request.options, around);
  }

  /** The form that a button opens, or what is said instead. */
  async opens(who: Person, action: Action | undefined, around: Circumstances = {}) {
    if (action === undefined) throw new Error('there is no such button');
    const { command: name, options } = action.request;
    return this.bot.form(this.#incoming(who, { kind: 'command', name, options }, around));
  }

  suggests(
    who: Person,
    command: string,
    option: string,
    typed = '',
    { scope = 'guild', channel = 'general', locale = null }: Circumstances = {},
  ): Promise<readonly Suggestion[]> {
    return this.bot.suggest({ scope, channel, actor: people[who], locale, command, option, typed });
  }

  async events(): Promise<Recorded[]> {
    const events: Recorded[] = [];
    for await (const stored of this.ledger.readAll()) events.push(decodeEvent(stored));
    return events;
  }

  #incoming(who: Person, input: Incoming['input'], around: Circumstances): Incoming {
    return {
      id: `${this.#name}-${++this.#messages}`,
      input,
      actor: people[who],
      scope: 'guild',
      channel: 'general',
      origin: 'interaction',
      surface: 'discord',
      locale: null,
      attachments: [],
      voice: null,
      ...around,
    };
  }
}

/** A text in a reply's data. */
export function idIn({ data, text }: Reply, key: string): string {
  const value = data[key];
  if (typeof value !== 'string') throw new Error(`no ${key} in: ${text}`);
  return value;
}

/** The button with this emoji or label. */
export function button({ actions }: Reply, shown: string | RegExp): Action | undefined {
  return actions.find(({ emoji, label }) =>
    typeof shown === 'string' ? emoji === shown || label === shown : shown.test(label),
  );
}

export function file(path: string, content: string | Uint8Array): SourceFile {
  const bytes = Buffer.from(content);
  return {
    path,
    bytes: bytes.length,
    read: async function* () {
      yield bytes;
    },
  };
}
