import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { openVault } from '../src/adapters/files/vault.ts';
import { stageFiles } from '../src/adapters/models/openai/training-files.ts';
import { StandInDiscord } from '../test/stand-ins/discord/stand-in-discord.ts';
import { StandInOpenAI } from '../test/stand-ins/openai/stand-in-openai.ts';
import { type Servers, startBare, startOurs } from './growing-bot.ts';
import { datasetOf } from './openai-dataset.ts';
import { type BenchRow, median } from './row.ts';

const QUESTIONS = 40;
const WARM_UP = 5;
/** Less than any server takes to the first word of an answer. */
const WORD_MS = 100;
/** The end of an answer is waited for, so that each question is the only one. */
const PAUSE_MS = 300;
const FIRST_EDIT_GOAL = 1.2;

const JOBS = 100;
const WINDOW_MS = 180_000;
const STEP_MS = 3_000;
const CORE_GOAL = 0.05;

const EXAMPLES = 100_000;
const ROUNDS = 7;
const DATASET_GOAL = 0.3;

/** Models and training on a server that speaks OpenAI's API. */
export async function rows(): Promise<BenchRow[]> {
  return [await firstEdit(), await following(), await datasetFiles()];
}

async function firstEdit(): Promise<BenchRow> {
  const sides = await Promise.all([startOurs, startBare].map((start) => Side.begin(start)));
  const waits = sides.map((): number[] => []);
  for (let question = 0; question < QUESTIONS + WARM_UP; question++) {
    for (const [index, side] of sides.entries()) {
      const waited = await side.ask(question);
      if (question >= WARM_UP) waits[index]?.push(waited);
      await pause(PAUSE_MS);
    }
  }
  for (const side of sides) await side.end();
  const [ours = Number.NaN, bare = Number.NaN] = waits.map(median);
  return {
    what: `first words of a streamed answer on Discord, a word each ${WORD_MS} ms`,
    reference: 'bare discord.js and openai clients',
    ratio: ours / bare,
    goal: `at most ${FIRST_EDIT_GOAL}`,
    met: ours / bare <= FIRST_EDIT_GOAL,
    details: `${ours.toFixed(1)} ms; bare ${bare.toFixed(1)} ms; ${(ours - bare).toFixed(1)} ms more`,
  };
}

/** A bot with a Discord and a model server of its own. */
class Side {
  readonly #servers: Servers;
  readonly #bot: AsyncDisposable;
  readonly #guild: ReturnType<StandInDiscord['createGuild']>;
  readonly #members: readonly ReturnType<ReturnType<StandInDiscord['createGuild']>['addMember']>[];

  static async begin(start: (servers: Servers) => Promise<AsyncDisposable>): Promise<Side> {
    const servers = { discord: await StandInDiscord.start(), openai: await StandInOpenAI.start() };
    servers.openai.chat.everyMs = WORD_MS;
    const side = new Side(servers, await start(servers));
    await pause(3_000);
    return side;
  }

  private constructor(servers: Servers, bot: AsyncDisposable) {
    this.#servers = servers;
    this.#bot = bot;
    this.#guild = servers.discord.createGuild('Guild');
    // Enough of them for nobody to be told that it is too often.
    this.#members = Array.from({ length: 10 }, (_, number) => this.#guild.addMember(`Member ${number}`));
  }

  /** @returns ms until something of the answer stands there */
  async ask(number: number): Promise<number> {
    const { discord, openai } = this.#servers;
    openai.chat.next.push({ content: 'One two.' });
    const started = performance.now();
    this.#members[number % 10]?.says(this.#guild.general, `${discord.botMention} Question ${number}?`);
    await this.#guild.general.nextMessage();
    return performance.now() - started;
  }

  async end(): Promise<void> {
    await this.#bot[Symbol.asyncDispose]();
    await Promise.all([this.#servers.discord.stop(), this.#servers.openai.stop()]);
  }
}

const Followed = z.object({
  core: z.number(),
  updates: z.number(),
  unended: z.number(),
  seconds: z.number(),
});

async function following(): Promise<BenchRow> {
  const openai = await StandInOpenAI.start();
  // However long it takes to begin them all, none is to end meanwhile.
  openai.jobs.byHand = true;
  const steps = setInterval(() => {
    for (const job of openai.jobs.all) if (job.step < job.steps / 2) openai.jobs.goOn(job);
  }, STEP_MS);
  const child = fork(new URL('./follow-jobs.ts', import.meta.url), {
    env: {
      PATH: process.env.PATH,
      OPENAI_BASE_URL: openai.url,
      OPENAI_API_KEY: openai.key,
      JOBS: String(JOBS),
      WINDOW_MS: String(WINDOW_MS),
    },
  });
  const ended = once(child, 'exit');
  const [message] = await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => Promise.reject(new Error(`following ended with ${code}`))),
  ]);
  const { core, updates, unended, seconds } = Followed.parse(message);
  await ended;
  clearInterval(steps);
  await openai.stop();
  if (unended !== JOBS) throw new Error(`${JOBS - unended} jobs ended too early`);
  return {
    what: `${JOBS} jobs that began together, followed for their first ${Math.round(seconds)} s`,
    reference: 'one core',
    ratio: core,
    goal: `less than ${CORE_GOAL}`,
    met: core < CORE_GOAL,
    details: `${(core * 100).toFixed(1)} % of a core; ${updates} updates heard`,
  };
}

async function datasetFiles(): Promise<BenchRow> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-openai-'));
  try {
    const vault = openVault(join(directory, 'vault'));
    const dataset = await datasetOf(vault, EXAMPLES);
    const source = join(directory, 'bare-source.jsonl');
    await writeLines(source, vault.read(dataset.sha256));
    const terms = { vault, directory: join(directory, 'staged'), exampleTokens: 65_536 };
    const [ours, bare]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(
        await secondsOf(async () => {
          await using staged = await stageFiles(terms, { job: `job-${round}`, dataset });
          if (staged.validation === null) throw new Error('nothing was held out');
        }),
      );
      bare.push(await secondsOf(() => bareCopy(source, join(directory, 'bare.jsonl'))));
    }
    const ratio = median(bare) / median(ours);
    return {
      what: `checking ${EXAMPLES.toLocaleString('en')} examples and writing the files for a server`,
      reference: 'bare JSON.parse of each line and a write',
      ratio,
      goal: `at least ${DATASET_GOAL}`,
      met: ratio >= DATASET_GOAL,
      details: `${median(ours).toFixed(2)} s; bare ${median(bare).toFixed(2)} s`,
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function bareCopy(from: string, to: string): Promise<void> {
  const lines = (await readFile(from, 'utf8')).trimEnd().split('\n');
  for (const line of lines) JSON.parse(line);
  await writeLines(to, [Buffer.from(`${lines.join('\n')}\n`)]);
}

async function writeLines(
  path: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  await using file = await open(path, 'w');
  for await (const chunk of content) await file.write(chunk);
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}
