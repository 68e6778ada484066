import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { openVault } from '../../../../src/adapters/files/vault.ts';
import { realTime, type Time } from '../../../../src/adapters/models/openai/time.ts';
import { createOpenAiTrainer } from '../../../../src/adapters/models/openai/trainer.ts';
import { DatasetFormat } from '../../../../src/domain/examples.ts';
import { endpointOf } from './endpoints.ts';

/**
 * A process that trains as the bot does, and may be killed: what it was told is appended to a file and synced before
 * it goes on, and read from there by the next life. It says on its standard output where it stands, and waits there
 * for its end where it is told to.
 */
const Life = z.object({
  url: z.string(),
  key: z.string(),
  vault: z.string(),
  staging: z.string(),
  ledger: z.string(),
  order: z.object({
    job: z.string(),
    dataset: z.object({
      sha256: z.string(),
      bytes: z.number(),
      format: DatasetFormat,
      examples: z.number(),
      manifest: z.string(),
    }),
  }),
  /** Such as `uploaded before`, which is before that is recorded. */
  waitAt: z.string().nullable(),
});
export type Life = z.infer<typeof Life>;

const Recorded = z.looseObject({
  kind: z.string(),
  file: z.string().optional(),
  reference: z.string().nullish(),
});

/** So that the pauses of minutes are seconds. */
const HASTE = 20;
const hastily: Time = {
  now: () => realTime.now() * HASTE,
  pause: (ms, signal) => realTime.pause(ms / HASTE, signal),
};

export function recordedIn(ledger: string): z.infer<typeof Recorded>[] {
  if (!existsSync(ledger)) return [];
  const lines = readFileSync(ledger, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => Recorded.parse(JSON.parse(line)));
}

async function live({ url, key, vault, staging, ledger, order, waitAt }: Life): Promise<void> {
  const trainer = createOpenAiTrainer({
    name: 'openai',
    endpoint: endpointOf({ url, key }),
    vault: openVault(vault),
    directory: staging,
    model: 'gpt-4o-mini',
    baseModel: 'gpt-4o-mini-2024-07-18',
    suffix: null,
    exampleTokens: 65_536,
    pollMs: 1_000,
    patienceMs: 60 * 60_000,
    prices: {},
    currency: 'USD',
    time: hastily,
  });
  const reach = async (place: string) => {
    process.stdout.write(`${place}\n`);
    if (place === waitAt) await new Promise(() => setInterval(() => {}, 60_000));
  };
  const recorded = recordedIn(ledger);
  const file = recorded.findLast(({ kind }) => kind === 'uploaded')?.file ?? null;
  const reference = recorded.findLast(({ kind }) => kind === 'started')?.reference ?? null;
  const { signal } = new AbortController();
  const known = { file, reference };
  for await (const update of trainer.train({ ...order, hyperparameters: {}, known }, signal)) {
    await reach(`${update.kind} before`);
    const handle = openSync(ledger, 'a');
    writeSync(handle, `${JSON.stringify(update)}\n`);
    fsyncSync(handle);
    closeSync(handle);
    await reach(`${update.kind} after`);
  }
}

if (import.meta.main) await live(Life.parse(JSON.parse(process.argv[2] ?? '')));
