import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openVault } from '../src/adapters/files/vault.ts';
import { openSqliteLedger } from '../src/adapters/ledger/sqlite.ts';
import { type BuildRequest, replayLedger, storeDataset } from '../src/bot/dataset-build.ts';
import { type DomainEvent, type EventType, type Metadata, schemaVersion } from '../src/domain/events.ts';
import { deriveId } from '../src/domain/identifiers.ts';
import type { Ledger } from '../src/domain/ledger.ts';
import { defaultPolicy } from '../src/domain/policy.ts';
import { streamName } from '../src/domain/streams.ts';
import { type BenchRow, median } from './row.ts';

const CORRECTIONS = 100_000;
const ROUNDS = 5;
const PAGE = 1_000;
const request: BuildRequest = {
  scope: 'local',
  through: null,
  format: 'sft',
  since: null,
  policy: defaultPolicy,
};

/** A dataset of many corrections, from the ledger to the file, its manifest and its hash. */
export async function rows(): Promise<BenchRow[]> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-dataset-'));
  try {
    const file = join(directory, 'ledger.sqlite');
    const ledger = await openSqliteLedger({ file });
    await giveCorrections(ledger);
    const vault = await openVault(join(directory, 'vault'));
    const ours: number[] = [];
    const bare: number[] = [];
    // The first round only warms up.
    for (let round = 0; round <= ROUNDS; round++) {
      const built = await timed(async () => {
        const replay = await replayLedger(ledger, request);
        return (await storeDataset(vault, replay, request)).built;
      });
      const bareBuilt = await timed(() => bareDataset(file, join(directory, `bare-${round}.jsonl`)));
      if (built.result.examples !== CORRECTIONS) throw new Error(`${built.result.examples} examples`);
      if (built.result.dataset !== bareBuilt.result) throw new Error('The reference wrote another file.');
      if (round === 0) continue;
      ours.push(built.seconds);
      bare.push(bareBuilt.seconds);
    }
    await ledger.close();
    const ratio = median(bare) / median(ours);
    return [
      {
        what: 'dataset of 100,000 corrections',
        reference: 'bare row reads, JSON.stringify, write, hash',
        ratio,
        goal: 'at least 0.3',
        met: ratio >= 0.3,
        details: `${median(ours).toFixed(2)} s; bare ${median(bare).toFixed(2)} s; of 200,000 events`,
      },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function giveCorrections(ledger: Ledger): Promise<void> {
  const appends: Promise<unknown>[] = [];
  for (let index = 0; index < CORRECTIONS; index++) {
    const answer = deriveId('bench', index);
    const events = [prediction(answer, index), correction(answer, index)];
    const stream = streamName('local', 'answer', answer);
    appends.push(
      ledger.append(
        stream,
        'no_stream',
        events.map((event, number) => ({
          ...event,
          id: deriveId(answer, number),
          metadata: metadata(event.type, answer),
        })),
      ),
    );
    if (appends.length === 1_000) await Promise.all(appends.splice(0));
  }
  await Promise.all(appends);
}

function prediction(answer: string, index: number): DomainEvent {
  return {
    type: 'PredictionMade',
    data: {
      answer,
      conversation: deriveId('conversation', Math.floor(index / 10)),
      evaluation: null,
      messages: [
        {
          role: 'user',
          content: `How is question number ${index} answered?`,
          answer: null,
          correction: null,
        },
      ],
      response: 'I have not learned an answer to that yet.',
      abstained: true,
      model: 'embedded-base',
      dataset: null,
      learnedFrom: null,
      tokens: null,
      cost: null,
      notes: [],
      latencyMs: 3,
      seen: null,
    },
  };
}

function correction(answer: string, index: number): DomainEvent {
  return {
    type: 'CorrectionGiven',
    data: {
      answer,
      correction: deriveId(answer, 'correction'),
      member: `member-${index % 400}`,
      text: `Question number ${index} is answered with the text of number ${index * 7}.`,
      question: null,
      review: 'not_required',
    },
  };
}

function metadata(type: EventType, commandId: string): Metadata {
  return {
    actor: 'member-1',
    scope: 'local',
    channel: 'console',
    origin: 'console',
    commandId,
    causationId: commandId,
    correlationId: commandId,
    time: '2026-01-01T00:00:00.000Z',
    schemaVersion: schemaVersion(type),
  };
}

/** What the reference takes for granted of a prediction (`messages`) and of a correction (`text`). */
interface BareEvent {
  readonly answer: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly text: string;
}

/** The same file from the same rows with nothing checked and nothing told of where a line comes from. */
function bareDataset(ledgerFile: string, file: string): string {
  const database = new Database(ledgerFile, { readonly: true });
  const page = database.prepare<[number], { position: number; type: string; data: string }>(
    `SELECT position, type, data FROM events WHERE position > ? ORDER BY position LIMIT ${PAGE}`,
  );
  const prompts = new Map<string, BareEvent['messages']>();
  const output = openSync(file, 'w');
  const hash = createHash('sha256');
  for (let after = 0; ; ) {
    const read = page.all(after);
    const last = read.at(-1);
    if (last === undefined) break;
    after = last.position;
    let lines = '';
    for (const { type, data } of read) {
      const event: BareEvent = JSON.parse(data);
      if (type === 'PredictionMade') prompts.set(event.answer, event.messages);
      if (type === 'CorrectionGiven') lines += bareLine(prompts.get(event.answer) ?? [], event.text);
    }
    const bytes = Buffer.from(lines);
    hash.update(bytes);
    writeSync(output, bytes);
  }
  fsyncSync(output);
  closeSync(output);
  database.close();
  return hash.digest('hex');
}

function bareLine(prompt: BareEvent['messages'], reply: string): string {
  const messages = prompt.map(({ role, content }) => ({ content, role }));
  messages.push({ content: reply, role: 'assistant' });
  return `${JSON.stringify({ messages })}\n`;
}

async function timed<Result>(
  work: () => Result | Promise<Result>,
): Promise<{ readonly result: Result; readonly seconds: number }> {
  const started = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - started) / 1_000 };
}
