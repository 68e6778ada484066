import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, vi } from 'vitest';
import { openEventStoreDBLedger } from '../../src/adapters/ledger/eventstoredb.ts';
import { decodeEvent, type EventType, type Recorded } from '../../src/domain/events.ts';
import { dump } from '../projections/dump.ts';
import { type Reply, Talk, TalkHere, temporaryDirectory } from './talk.ts';

const STORE = fileURLToPath(new URL('../stand-ins/eventstoredb/main.ts', import.meta.url));
/** Of a reply that says that the ledger is away: what was asked for may be sent again. */
const AWAY = /ledger is unavailable/;
const ENDS: ReadonlySet<EventType> = new Set(['TrainingSucceeded', 'TrainingFailed', 'TrainingCancelled']);
/** They go without where the very same dataset was built before. */
const OPTIONAL: ReadonlySet<EventType> = new Set(['DatasetExamplesListed']);

/** The stand-in EventStoreDB as a process of its own, on one file and one port however often it is killed. */
export class Store {
  readonly #file: string;
  #child: ChildProcess | null = null;
  #url = '';

  constructor(directory: string) {
    this.#file = join(directory, 'store.jsonl');
    onTestFinished(() => void this.#child?.kill('SIGKILL'));
  }

  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    const port = /:(\d+)/.exec(this.#url)?.[1] ?? '0';
    const child = spawn(process.execPath, [STORE, '--port', port, '--file', this.#file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    const [url] = await once(createInterface(child.stdout), 'line');
    this.#url = String(url);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    this.#child = null;
  }

  async events(): Promise<readonly Recorded[]> {
    const ledger = await openEventStoreDBLedger(this.#url);
    try {
      const events: Recorded[] = [];
      for await (const stored of ledger.readAll()) events.push(decodeEvent(stored));
      return events;
    } finally {
      await ledger.close();
    }
  }
}

export interface Sent {
  readonly id: string;
  readonly line: string;
  readonly events: readonly EventType[];
  reply?: Reply;
}

/** What is sent again and again, and the events that each leads to where it is not refused. */
const COMMANDS: readonly (readonly [line: string, events: readonly EventType[]])[] = [
  ['When do you open on day N?', ['PredictionMade']],
  ['What does ticket N cost?', ['PredictionMade']],
  ['!correct last At N o’clock.', ['CorrectionGiven']],
  ['!feedback Remark N', ['FeedbackGiven']],
  ['!retrain', ['DatasetBuilt', 'DatasetExamplesListed', 'TrainingRequested']],
  ['!train data={"prompt":"N?","completion":"N."}', ['DatasetSelected', 'TrainingRequested']],
  ['!promote', ['ModelPromoted']],
  ['!instruction', ['InstructionShown']],
];

/** One of several bots on one store, to which people talk while it is killed. */
export class Bot {
  readonly directory: string;
  readonly sent: Sent[] = [];
  readonly #name: string;
  readonly #env: Readonly<Record<string, string>>;
  #talk: Talk | null = null;

  constructor(fleet: string, name: string, env: Readonly<Record<string, string>>) {
    this.#name = name;
    this.#env = { SHARED_DIR: join(fleet, 'shared'), ...env };
    this.directory = join(fleet, name);
    mkdirSync(this.directory, { recursive: true });
  }

  start(): Talk {
    this.#talk = new Talk(this.directory, { flags: ['--ids', '--as', this.#name], env: this.#env });
    return this.#talk;
  }

  /** In the process of the test, where it is not to be killed. */
  startHere(): TalkHere {
    return new TalkHere(this.directory, { flags: ['--ids', '--as', this.#name], env: this.#env });
  }

  async kill(): Promise<void> {
    await this.#talk?.kill();
  }

  /** What was not answered, and then new commands, until so many replies or the end of the process. */
  async stream(talk: Talk, replies: number): Promise<void> {
    const unanswered = this.sent.filter(({ reply }) => reply === undefined);
    for (let done = 0; done < replies; done++) {
      const sent = unanswered[done] ?? this.#next();
      if (!(await this.#send(talk, sent))) return;
    }
  }

  /** Sends again what was never answered, until it is, and leaves when every job has ended. */
  async rest(): Promise<void> {
    const talk = this.startHere();
    for (const sent of this.sent.filter(({ reply }) => reply === undefined)) {
      await vi.waitFor(
        async () => {
          if (!(await this.#send(talk, sent))) throw new Error(`the bot has ended: ${talk.program.stderr}`);
          if (sent.reply === undefined) throw new Error('the ledger is away');
        },
        { timeout: 60_000, interval: 200 },
      );
    }
    expect(await talk.end()).toMatchObject({ code: 0 });
  }

  #next(): Sent {
    const n = `${this.#name}${this.sent.length}`;
    const [line, events] = COMMANDS[Math.floor(Math.random() * COMMANDS.length)] ?? ['', []];
    const sent = { id: `command-${n}`, line: line.replaceAll('N', n), events };
    this.sent.push(sent);
    return sent;
  }

  /** @returns whether there was a reply */
  async #send(talk: Talk | TalkHere, sent: Sent): Promise<boolean> {
    const reply = await talk.ask(`${sent.id} ${sent.line}`).catch(() => undefined);
    if (reply === undefined) return false;
    if (reply.ok || !AWAY.test(reply.text)) sent.reply = reply;
    return true;
  }
}

/** Every acknowledged command is there exactly once, nothing else is twice, and every job has ended once. */
export function expectOnce(events: readonly Recorded[], bots: readonly Bot[]): void {
  const byCommand = Map.groupBy(events, ({ metadata }) => metadata.commandId);
  for (const { id, line, events: expected, reply } of bots.flatMap(({ sent }) => sent)) {
    const happened = (byCommand.get(id) ?? []).map(({ type }) => type).filter((type) => !OPTIONAL.has(type));
    const whole = expected.filter((type) => !OPTIONAL.has(type));
    expect([line, reply?.text, happened]).toEqual([line, reply?.text, reply?.ok === true ? whole : []]);
  }
  const requested = events.flatMap((event) => (event.type === 'TrainingRequested' ? event.data.job : []));
  const ended = events.flatMap((event) =>
    ENDS.has(event.type) && 'job' in event.data ? event.data.job : [],
  );
  expect(ended.toSorted()).toEqual(requested.toSorted());
}

export function expectSameReadModels(bots: readonly Bot[]): void {
  const [first, ...others] = bots.map(({ directory }) => dump(join(directory, 'read-models.sqlite')));
  for (const other of others) expect(other).toEqual(first);
}

/**
 * Several bots on one store, each killed again and again, and the store under them, for so long.
 * @returns what happened, once all of it has come to its end
 */
export async function expectToSurviveTogether({
  bots: count,
  ms,
}: {
  readonly bots: number;
  readonly ms: number;
}): Promise<readonly Recorded[]> {
  const fleet = temporaryDirectory();
  const store = new Store(fleet);
  await store.start();
  const env = { LEDGER_URL: store.url, TAKEOVER_SECONDS: '3' };
  const bots = Array.from({ length: count }, (_, index) => new Bot(fleet, `bot${index}`, env));
  const end = performance.now() + ms;
  const isOn = () => performance.now() < end;
  const live = async (bot: Bot) => {
    while (isOn()) {
      const talk = bot.start();
      await bot.stream(talk, Math.ceil(Math.random() * 15));
      await bot.kill();
    }
  };
  const shake = async () => {
    while (isOn()) {
      await pause(Math.min(ms / 3, 2_000 + Math.random() * 10_000));
      await store.kill();
      await pause(Math.random() * 1_500);
      await store.start();
    }
  };
  await Promise.all([...bots.map(live), shake()]);
  await Promise.all(bots.map((bot) => bot.rest()));
  // The last one to leave may have been told of what the others did only afterwards.
  for (const bot of bots) expect(await bot.startHere().end()).toMatchObject({ code: 0 });
  const events = await store.events();
  expectOnce(events, bots);
  expectSameReadModels(bots);
  return events;
}
