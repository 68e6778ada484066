import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { endAbandonedTrainings } from '../../../../src/adapters/models/external/abandoned-trainings.ts';
import { createExternalTrainer } from '../../../../src/adapters/models/external/trainer.ts';
import type { StopReason, TrainingUpdate, Vault } from '../../../../src/domain/ports.ts';
import { Refusal } from '../../../../src/domain/refusal.ts';
import { expectTrainedOnceAfterKill, killBotWhen, PATIENT, told } from './killed-bot.ts';
import {
  failureOf,
  isAlive,
  JOB,
  optionsOf,
  orderFor,
  type Place,
  pidIn,
  place,
  script,
  train,
} from './training.ts';

/** Follows until the first step was told, and then stops for a reason. */
async function stopAfterFirstStep(where: Place, lines: string, reason: StopReason, stopMs = 5_000) {
  const stop = new AbortController();
  const options = optionsOf(where, await script(where, lines), { stopMs });
  const updates: TrainingUpdate[] = [];
  for await (const update of createExternalTrainer(options).train(await orderFor(where), stop.signal)) {
    updates.push(update);
    if (update.kind === 'progressed') stop.abort(reason);
  }
  return { updates, options };
}

describe('a training that is cancelled', () => {
  it('is asked to end, and told of no more', async () => {
    const where = await place();
    const lines = `
      process.on('SIGTERM', () => { writeFileSync('asked', ''); process.exit(0); });
      ${PATIENT}`;
    const { updates } = await stopAfterFirstStep(where, lines, 'cancelled');
    expect(updates.map(({ kind }) => kind)).toEqual(['started', 'progressed']);
    expect(await readFile(join(where.job, 'asked'), 'utf8')).toBe('');
    expect(await isAlive(await pidIn(join(where.job, 'pid')))).toBe(false);
  });

  it('is ended also where nobody waits for it any more', async () => {
    const where = await place();
    const stop = new AbortController();
    const options = optionsOf(where, await script(where, PATIENT));
    for await (const { kind } of createExternalTrainer(options).train(await orderFor(where), stop.signal)) {
      if (kind !== 'progressed') continue;
      stop.abort('cancelled' satisfies StopReason);
      break;
    }
    expect(await isAlive(await pidIn(join(where.job, 'pid')))).toBe(false);
  });

  it('is killed, with all that it started, where it does not end when asked', async () => {
    const where = await place();
    const child = `
      require('node:fs').writeFileSync('child', process.pid + '\\n');
      process.on('SIGTERM', () => {});
      setInterval(() => {}, 1000);`;
    const lines = `
      import { spawn } from 'node:child_process';
      process.on('SIGTERM', () => {});
      spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });
      while (!existsSync('child')) await new Promise((resolve) => setTimeout(resolve, 20));
      ${PATIENT}`;
    await stopAfterFirstStep(where, lines, 'cancelled', 200);
    expect(await isAlive(await pidIn(join(where.job, 'pid')))).toBe(false);
    expect(await isAlive(await pidIn(join(where.job, 'child')))).toBe(false);
  });

  it('was not even begun where it was cancelled before', async () => {
    const where = await place();
    const signal = AbortSignal.abort('cancelled' satisfies StopReason);
    expect(await train(optionsOf(where, ['/no/such/program']), await orderFor(where), signal)).toEqual([]);
  });

  it('is ended at the next start where the bot was killed before it could end it', async () => {
    const where = await place();
    await stopAfterFirstStep(where, PATIENT, 'leaving');
    const pid = await pidIn(join(where.job, 'pid'));
    const place_ = { directory: where.directory, stopMs: 5_000 };
    expect(await endAbandonedTrainings(place_, new Set([JOB]))).toEqual([]);
    expect(await isAlive(pid)).toBe(true);
    expect(await endAbandonedTrainings(place_, new Set())).toEqual([JOB]);
    expect(await isAlive(pid)).toBe(false);
  });
});

describe('a training while the bot is away', () => {
  it('goes on when the bot leaves, and is followed again', async () => {
    const where = await place();
    const { updates, options } = await stopAfterFirstStep(where, PATIENT, 'leaving');
    expect(updates.map(({ kind }) => kind)).toEqual(['started', 'progressed']);
    expect(await isAlive(await pidIn(join(where.job, 'pid')))).toBe(true);
    await writeFile(join(where.job, 'go'), '');
    const known = { file: null, reference: referenceIn(updates) };
    const again = await train(options, await orderFor(where, undefined, { known }));
    expect(again).toMatchObject([updates[0], ...told]);
  });

  it('goes on when the bot is killed, ends while nobody follows, and is found with its result', async () => {
    const where = await place();
    const order = await orderFor(where);
    const { options, seen } = await killBotWhen(where, order, ({ output }) =>
      output.includes('"progressed"'),
    );

    const pid = await pidIn(join(where.job, 'pid'));
    expect(await isAlive(pid)).toBe(true);
    await writeFile(join(where.job, 'go'), '');
    await vi.waitFor(async () => expect(await isAlive(pid)).toBe(false), { timeout: 15_000 });
    const started: TrainingUpdate = JSON.parse(seen.split('\n')[0] ?? '');
    const known = { file: null, reference: referenceIn([started]) };
    const again = await train(options, { ...order, known });
    expect(again).toMatchObject([started, ...told]);
    expect(await readFile(join(where.job, 'pid'), 'utf8')).toBe(`${pid}\n`);
  });

  it('is trained once where the bot was killed as soon as it was begun', () =>
    expectTrainedOnceAfterKill('task.json'));

  it('fails, and nothing of it is left, where its supervisor was killed', async () => {
    const where = await place();
    const { options } = await stopAfterFirstStep(where, PATIENT, 'leaving');
    const pid = await pidIn(join(where.job, 'pid'));
    const { pid: supervisor } = JSON.parse(await readFile(join(where.job, 'supervisor.json'), 'utf8'));
    process.kill(supervisor, 'SIGKILL');
    const updates = await train(options, await orderFor(where));
    expect(updates.at(-1)).toEqual({
      kind: 'failed',
      reason: `The trainer is gone without a result, as after a restart of the machine; see ${where.job} and train again.`,
    });
    expect(await isAlive(pid)).toBe(false);
  });

  it('is not taken for another process that has its number now', async () => {
    const where = await place();
    const { options } = await stopAfterFirstStep(where, PATIENT, 'leaving');
    const file = join(where.job, 'supervisor.json');
    const supervisor = JSON.parse(await readFile(file, 'utf8'));
    process.kill(supervisor.pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await isAlive(supervisor.pid)).toBe(false));
    await writeFile(file, JSON.stringify({ ...supervisor, pid: process.pid }));
    const updates = await train(options, await orderFor(where));
    expect(updates.at(-1)).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('gone without a result'),
    });
  });

  it('fails where its directory is gone, and is not begun anew unasked', async () => {
    const where = await place();
    await mkdir(where.directory);
    const known = { file: null, reference: 'process 1' };
    const updates = await train(
      optionsOf(where, ['/no/such/program']),
      await orderFor(where, undefined, { known }),
    );
    expect(updates).toEqual([
      {
        kind: 'failed',
        reason: `The training had begun, but its directory ${where.job} is gone; train again.`,
      },
    ]);
  });

  it('is prepared anew where the bot was killed while it was prepared', async () => {
    const where = await place();
    await mkdir(where.job, { recursive: true });
    await writeFile(join(where.job, 'train.jsonl'), 'half a li');
    await writeFile(join(where.job, 'go'), '');
    const updates = await train(optionsOf(where, await script(where, PATIENT)), await orderFor(where));
    expect(updates).toMatchObject([{ kind: 'started' }, ...told]);
    await rm(join(where.job, 'go'));
  });
});

describe('a result', () => {
  it('is not lost to a disk that is full for a while', async () => {
    const where = await place();
    await mkdir(where.job, { recursive: true });
    await writeFile(join(where.job, 'go'), '');
    let tries = 0;
    const full: Vault = {
      read: (sha256) => where.vault.read(sha256),
      has: (sha256) => where.vault.has(sha256),
      scratch: () => where.vault.scratch(),
      put: (content) =>
        ++tries < 3 ? Promise.reject(new Refusal('The disk is full.')) : where.vault.put(content),
    };
    const options = optionsOf(where, await script(where, PATIENT), { vault: full });
    const updates = await train(options, await orderFor(where));
    expect(updates).toMatchObject([{ kind: 'started' }, ...told]);
    expect(tries).toBe(3);
  });
});

describe('a trainer that forks and exits', () => {
  it('is taken at its word, and what it left behind is ended, even in a session of its own', async () => {
    const where = await place();
    const daemon = `
      require('node:fs').writeFileSync('daemon', process.pid + '\\n');
      setInterval(() => {}, 1000);`;
    const lines = `
      import { spawn } from 'node:child_process';
      import { existsSync } from 'node:fs';
      spawn(process.execPath, ['-e', ${JSON.stringify(daemon)}], { stdio: 'inherit', detached: true }).unref();
      while (!existsSync('daemon')) await new Promise((resolve) => setTimeout(resolve, 20));
      process.exit(0);`;
    expect(await failureOf(where, await script(where, lines))).toContain('it wrote no manifest.json');
    expect(await isAlive(await pidIn(join(where.job, 'daemon')))).toBe(false);
  });
});

function referenceIn([first]: readonly TrainingUpdate[]): string | null {
  return first?.kind === 'started' ? first.reference : null;
}
