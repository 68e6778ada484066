import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { StandInDiscord } from '../test/stand-ins/discord/stand-in-discord.ts';
import { type BenchRow, median } from './row.ts';

const ROUNDS = 15;
/** Before that both are measured while they are still being compiled, which a bot that runs for days is not. */
const WARM_UP_ROUNDS = 5;
/** Discord takes 50 requests a second of a bot, and discord.js keeps to that: a round stays below it. */
const COMMANDS_PER_ROUND = 40;
const ROUND_MS = 1_100;
/** Enough of them for nobody to be told that it is too often. */
const SPEAKERS = 50;
const GOAL = 1.5;
/** As `npm start` does it. */
const AS_STARTED = ['--max-semi-space-size=8', '--no-allocation-site-pretenuring'];

const GUILDS = 100;
const MEMBERS_PER_GUILD = 10;
const CROWD_ROUNDS = 6;
/** So many cannot be answered faster than at 50 a second. */
const MAX_WAIT_MS = 120_000;
/** What a round may leave behind, of what the process held after the first ones. */
const FLAT = 0.1;

type Guild = ReturnType<StandInDiscord['createGuild']>;
type Member = ReturnType<Guild['addMember']>;

/** The bot on Discord: how long people wait, and how many it stands at once. */
export async function rows(): Promise<BenchRow[]> {
  return [...(await latency()), await crowd()];
}

async function latency(): Promise<BenchRow[]> {
  await using ours = await ServedDiscord.start('src/main.ts', AS_STARTED);
  await using bare = await ServedDiscord.start('bench/pong-bot.ts');
  const sides = [ours, bare].map((served) => ({ served, speakers: served.createSpeakers(SPEAKERS) }));
  const waits = sides.map((): number[] => []);
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    for (const [side, { served, speakers }] of sides.entries()) {
      const measured = await served.waits(speakers, COMMANDS_PER_ROUND);
      if (round >= WARM_UP_ROUNDS) waits[side]?.push(...measured);
      await pause(ROUND_MS);
    }
  }
  const [our = [], their = []] = waits;
  return [0.5, 0.99].map((share) => {
    const measured = percentile(our, share);
    const reference = percentile(their, share);
    return {
      what: `from a reading command on the gateway to its reply, p${share * 100}`,
      reference: 'a bare discord.js bot that replies "pong"',
      ratio: measured / reference,
      goal: `at most ${GOAL}`,
      met: measured / reference <= GOAL,
      details: `${measured.toFixed(2)} ms; bare ${reference.toFixed(2)} ms`,
    };
  });
}

/** Everybody asks at the same moment, several times over. */
async function crowd(): Promise<BenchRow> {
  await using served = await ServedDiscord.start('src/main.ts', AS_STARTED);
  const crowded = Array.from({ length: GUILDS }, (_, index) => served.createGuild(index, MEMBERS_PER_GUILD));
  const waits: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < CROWD_ROUNDS; round++) {
    const asked = crowded.flatMap(({ guild, members }) =>
      members.map((member) => wait(guild, member, `${served.discord.botMention} Question ${round}?`)),
    );
    waits.push(...(await Promise.all(asked)));
    memory.push(await served.residentBytes());
  }
  const half = CROWD_ROUNDS / 2;
  const growth = median(memory.slice(-3)) / median(memory.slice(half - 1, half + 2)) - 1;
  const everybody = GUILDS * MEMBERS_PER_GUILD;
  return {
    what: `${everybody.toLocaleString('en')} members asking at once, ${CROWD_ROUNDS} times: memory of the second half`,
    reference: 'the middle of the run',
    ratio: 1 + growth,
    goal: `every question answered, memory within ${1 + FLAT}`,
    met: waits.length === everybody * CROWD_ROUNDS && growth <= FLAT,
    details: `${waits.length.toLocaleString('en')} of ${(everybody * CROWD_ROUNDS).toLocaleString('en')} answered; p50 ${Math.round(percentile(waits, 0.5))} ms, p99 ${Math.round(percentile(waits, 0.99))} ms; ${mebibytes(memory.at(-1))} resident`,
  };
}

async function wait(guild: Guild, member: Member, text: string): Promise<number> {
  const started = performance.now();
  const { id } = member.says(guild.general, text);
  await patiently(() => guild.general.nextMessage(({ api }) => api.message_reference?.message_id === id));
  return performance.now() - started;
}

/** The stand-in waits for less long than a crowd, or a start on a busy machine, has to. */
async function patiently<T>(waiting: () => Promise<T>): Promise<T> {
  const started = performance.now();
  for (;;) {
    try {
      return await waiting();
    } catch (error) {
      if (performance.now() - started > MAX_WAIT_MS) throw error;
    }
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function mebibytes(bytes: number | undefined): string {
  return `${Math.round((bytes ?? Number.NaN) / 1024 / 1024)} MiB`;
}

/** A bot in a process of its own, connected to a Discord in this one. */
class ServedDiscord implements AsyncDisposable {
  readonly discord: StandInDiscord;
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #metricsPort: number;

  private constructor(discord: StandInDiscord, child: ChildProcess, directory: string, metricsPort: number) {
    this.discord = discord;
    this.#child = child;
    this.#directory = directory;
    this.#metricsPort = metricsPort;
  }

  static async start(program: string, flags: readonly string[] = []): Promise<ServedDiscord> {
    const discord = await StandInDiscord.start();
    const directory = await mkdtemp(join(tmpdir(), 'bench-discord-'));
    const metricsPort = await freePort();
    const main = fileURLToPath(new URL(`../${program}`, import.meta.url));
    const child = spawn(process.execPath, [...flags, main], {
      stdio: ['ignore', 'ignore', 'inherit'],
      cwd: directory,
      env: {
        PATH: process.env.PATH,
        ...discord.environment,
        METRICS_PORT: String(metricsPort),
        LOG_LEVEL: 'error',
      },
    });
    const served = new ServedDiscord(discord, child, directory, metricsPort);
    await served.#untilItAnswers();
    return served;
  }

  createGuild(index: number, members: number): { guild: Guild; members: Member[] } {
    const guild = this.discord.createGuild(`Guild ${index}`);
    return {
      guild,
      members: Array.from({ length: members }, (_, number) => guild.addMember(`Member ${number}`)),
    };
  }

  createSpeakers(count: number): { guild: Guild; members: Member[] } {
    return this.createGuild(0, count);
  }

  /** In ms, one after the other. */
  async waits(
    { guild, members }: { readonly guild: Guild; readonly members: readonly Member[] },
    count: number,
  ): Promise<number[]> {
    const measured: number[] = [];
    for (let index = 0; index < count; index++) {
      const member = members[index % members.length];
      if (member !== undefined) measured.push(await wait(guild, member, '!jobs'));
    }
    return measured;
  }

  async residentBytes(): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.#metricsPort}/metrics`)).text();
    return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
    await this.discord.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** It may be connected later than it was started: what was said before then is said to nobody. */
  async #untilItAnswers(): Promise<void> {
    const { guild, members } = this.createSpeakers(1);
    const [member] = members;
    if (member === undefined) return;
    const asking = setInterval(() => member.says(guild.general, '!jobs'), 1_000);
    await patiently(() => guild.general.nextMessage());
    clearInterval(asking);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
