import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { StandInOpenAI } from '../../../stand-ins/openai/stand-in-openai.ts';
import { startStandIn } from '../../../stand-ins/openai/started.ts';
import { temporaryVault } from '../embedded/teaching.ts';
import { doors, orderOn } from './training.ts';
import { type Life, recordedIn } from './training-life.ts';

const SCRIPT = fileURLToPath(new URL('./training-life.ts', import.meta.url));

/** One job, and the processes that train it one after the other. */
class Lives {
  readonly openai: StandInOpenAI;
  readonly #life: Omit<Life, 'waitAt'>;

  static async prepare(): Promise<Lives> {
    const openai = await startStandIn();
    const { vault, directory } = await temporaryVault();
    const { job, dataset } = await orderOn(vault, doors(12), { heldOut: [4] });
    return new Lives(openai, {
      url: openai.url,
      key: openai.key,
      vault: directory,
      staging: join(directory, '..', 'staged'),
      ledger: join(directory, '..', 'ledger.jsonl'),
      order: { job, dataset },
    });
  }

  private constructor(openai: StandInOpenAI, life: Omit<Life, 'waitAt'>) {
    this.openai = openai;
    this.#life = life;
  }

  begin(waitAt: string | null = null): ChildProcess {
    const life: Life = { ...this.#life, waitAt };
    const child = spawn(process.execPath, [SCRIPT, JSON.stringify(life)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  }

  /** A whole life, after which the job has to have come to its one good end. */
  async last(): Promise<void> {
    const [code] = await once(this.begin(), 'exit');
    expect(code).toBe(0);
    this.expectOneEnd();
  }

  expectOneEnd(): void {
    const { paid, only } = this.openai.jobs;
    expect(paid).toHaveLength(1);
    const recorded = recordedIn(this.#life.ledger);
    expect(recorded.at(-1)).toMatchObject({ kind: 'succeeded', model: only.object.fine_tuned_model });
    expect(recorded.filter(({ kind }) => kind === 'started')[0]?.reference).toBe(only.id);
    expect(this.openai.models.answer(only.object.fine_tuned_model ?? '', 'What is the code of door 7?')).toBe(
      'It is 49.',
    );
  }
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

async function saying(child: ChildProcess, place: string): Promise<void> {
  if (child.stdout === null) throw new Error('nothing can be read from it');
  for await (const line of createInterface(child.stdout)) if (line === place) return;
  throw new Error(`it ended before ${place}`);
}

describe('a program that is killed while it trains on a server pays for one job', () => {
  test.each([
    'uploaded before',
    'uploaded after',
    'started before',
    'started after',
    'progressed before',
    'progressed after',
    'succeeded before',
  ])('where it has heard: %s it was recorded', async (place) => {
    const lives = await Lives.prepare();
    const first = lives.begin(place);
    await saying(first, place);
    await kill(first);
    await lives.last();
  });

  test.each([
    ['GET /fine_tuning/jobs', false],
    ['POST /files', false],
    ['POST /files', true],
    ['POST /fine_tuning/jobs', false],
    ['POST /fine_tuning/jobs', true],
    ['GET /fine_tuning/jobs/:id', false],
    ['GET /fine_tuning/jobs/:id', true],
    ['GET /fine_tuning/jobs/:id/events', false],
    ['GET /fine_tuning/jobs/:id/checkpoints', true],
  ] as const)('where it waits for %s (done: %s)', async (route, after) => {
    const lives = await Lives.prepare();
    const held = lives.openai.faults.hold(route, { after });
    const first = lives.begin();
    await held.reached;
    await kill(first);
    // What was under way arrives although nobody waits for it any more.
    held.release();
    await lives.last();
  });

  test('where its request arrives only while the next life already looks for the job', async () => {
    const lives = await Lives.prepare();
    const held = lives.openai.faults.hold('POST /fine_tuning/jobs');
    const first = lives.begin();
    await held.reached;
    await kill(first);
    const looks = () => lives.openai.requests('GET /fine_tuning/jobs').length;
    const before = looks();
    const second = lives.begin();
    const ended = once(second, 'exit');
    await vi.waitFor(() => expect(looks()).toBeGreaterThan(before), { timeout: 10_000, interval: 5 });
    expect(lives.openai.jobs.paid).toHaveLength(0);
    held.release();
    expect(await ended).toEqual([0, null]);
    lives.expectOneEnd();
  });

  test('twice, at the worst of moments', async () => {
    const lives = await Lives.prepare();
    const asking = lives.openai.faults.hold('POST /fine_tuning/jobs', { after: true });
    const first = lives.begin();
    await asking.reached;
    await kill(first);
    asking.release();
    const second = lives.begin('started before');
    await saying(second, 'started before');
    await kill(second);
    await lives.last();
  });
});
