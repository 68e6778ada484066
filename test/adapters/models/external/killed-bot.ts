import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, vi } from 'vitest';
import type { TrainingOrder } from '../../../../src/domain/ports.ts';
import { optionsOf, orderFor, type Place, place, script, train } from './training.ts';

const FOLLOWER = fileURLToPath(new URL('./follower.ts', import.meta.url));

/** Tells its number and a first step, and goes on to the end once the file `go` stands in its directory. */
export const PATIENT = `
  import { createHash } from 'node:crypto';
  import { appendFileSync, existsSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
  appendFileSync('pid', process.pid + '\\n');
  writeSync(3, '{"kind":"progress","step":1,"total":2,"loss":2}\\n');
  while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 20));
  writeSync(3, '{"kind":"progress","step":2,"total":2,"loss":1}\\n');
  const config = JSON.parse(readFileSync('config.json', 'utf8'));
  writeFileSync('out/adapter.bin', 'weights');
  writeFileSync('out/manifest.json', JSON.stringify({
    protocol: 'trainer/1', dataset_sha256: config.dataset.sha256, base_model: config.base_model, seed: config.seed,
    tools: { hand: '1' },
    artifacts: [{ path: 'adapter.bin', sha256: createHash('sha256').update('weights').digest('hex') }],
  }));
  writeSync(3, '{"kind":"done","loss":0.5}\\n');`;

export const told = [
  { kind: 'progressed', step: 1, total: 2, loss: 2 },
  { kind: 'progressed', step: 2, total: 2, loss: 1 },
  { kind: 'succeeded', loss: 0.5 },
];

/** Lets another process follow the job, and kills it at a moment. */
export async function killBotWhen(
  where: Place,
  order: TrainingOrder,
  isMoment: (state: { readonly output: string; readonly files: readonly string[] }) => boolean,
) {
  const options = optionsOf(where, await script(where, PATIENT));
  const bot = spawn(process.execPath, [FOLLOWER], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void bot.kill('SIGKILL'));
  const closed = once(bot, 'close');
  bot.stdin.end(JSON.stringify({ options, order, vault: join(where.root, 'vault') }));
  let seen = '';
  bot.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
  });
  const state = async () => ({ output: seen, files: await readdir(where.job).catch(() => []) });
  await vi.waitFor(async () => expect(isMoment(await state())).toBe(true), { timeout: 15_000, interval: 1 });
  bot.kill('SIGKILL');
  await closed;
  return { options, seen };
}

/** @param name a file of the job's directory */
export async function expectTrainedOnceAfterKill(name: string): Promise<void> {
  const where = await place();
  const order = await orderFor(where);
  const { options } = await killBotWhen(where, order, ({ files }) => files.includes(name));
  await mkdir(where.job, { recursive: true });
  await writeFile(join(where.job, 'go'), '');
  expect(await train(options, order)).toMatchObject([{ kind: 'started' }, ...told]);
  expect(await readFile(join(where.job, 'pid'), 'utf8')).toMatch(/^\d+\n$/);
}
