import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openVault } from '../src/adapters/files/vault.ts';
import { createOpenAiTrainer } from '../src/adapters/models/openai/trainer.ts';
import { deriveId } from '../src/domain/identifiers.ts';
import { datasetOf } from './openai-dataset.ts';

/** Follows so many jobs on a server, in a process of its own so that nothing else is counted, and says what it cost. */
const {
  OPENAI_BASE_URL: baseUrl = '',
  OPENAI_API_KEY: apiKey = '',
  JOBS = '100',
  WINDOW_MS = '60000',
} = process.env;
const directory = mkdtempSync(join(tmpdir(), 'bench-follow-'));
const vault = openVault(join(directory, 'vault'));
const dataset = await datasetOf(vault, 200);
const trainer = createOpenAiTrainer({
  name: 'openai',
  endpoint: { baseUrl, apiKey, keyVariable: 'OPENAI_API_KEY', timeoutMs: 60_000, retries: 2 },
  vault,
  directory: join(directory, 'staged'),
  model: 'gpt-4o-mini',
  baseModel: 'gpt-4o-mini-2024-07-18',
  suffix: null,
  exampleTokens: 65_536,
  pollMs: 30_000,
  patienceMs: 24 * 60 * 60_000,
  prices: {},
  currency: 'USD',
});
const leaving = new AbortController();
let updates = 0;
let unended = 0;
const follow = async (number: number, started: () => void) => {
  const job = deriveId('bench', number);
  const order = { job, dataset, hyperparameters: {}, known: { file: null, reference: null } };
  unended += 1;
  for await (const update of trainer.train(order, leaving.signal)) {
    updates += 1;
    if (update.kind === 'started') started();
    if (update.kind === 'succeeded' || update.kind === 'failed') unended -= 1;
  }
};
const followed: Promise<void>[] = [];
for (let number = 0; number < Number(JOBS); number++) {
  await new Promise<void>((started) => followed.push(follow(number, started)));
}
updates = 0;
const before = process.cpuUsage();
const begun = performance.now();
await pause(Number(WINDOW_MS));
const { user, system } = process.cpuUsage(before);
const seconds = (performance.now() - begun) / 1_000;
process.send?.({ core: (user + system) / 1e6 / seconds, updates, unended, seconds });
leaving.abort('leaving');
await Promise.all(followed);
rmSync(directory, { recursive: true, force: true });
process.disconnect?.();
