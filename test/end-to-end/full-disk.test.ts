import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { EventType } from '../../src/domain/events.ts';
import { eventsIn } from './ledger-file.ts';
import { type Reply, Talk, talkHere, temporaryDirectory } from './talk.ts';

interface Disk {
  readonly directory: string;
  /** From now on nothing can be written that takes new space. */
  fill(pid: number | undefined): void;
  free(pid: number | undefined): void;
}

/** A file system of its own. */
function smallDisk(): Disk | undefined {
  const directory = join(temporaryDirectory(), 'disk');
  mkdirSync(directory);
  if (!succeeds('mount', '-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', directory)) return undefined;
  onTestFinished(() => void succeeds('umount', '--lazy', directory));
  const ballast = join(directory, 'ballast');
  return { directory, fill: () => writeUntilFull(ballast), free: () => rmSync(ballast) };
}

/** Every file has reached the largest size that the program may write. */
function limitedFiles(): Disk | undefined {
  if (!succeeds('prlimit', '--version')) return undefined;
  const limit = (pid: number | undefined, size: string) =>
    expect(succeeds('prlimit', '--pid', String(pid), `--fsize=${size}:unlimited`)).toBe(true);
  return {
    directory: temporaryDirectory(),
    fill: (pid) => limit(pid, '1'),
    free: (pid) => limit(pid, 'unlimited'),
  };
}

const EFFECTS: Readonly<Record<string, readonly EventType[]>> = {
  correct: ['CorrectionGiven'],
  feedback: ['FeedbackGiven'],
  retrain: ['DatasetBuilt', 'DatasetExamplesListed', 'TrainingRequested'],
  train: ['DatasetSelected', 'TrainingRequested'],
  test: ['PredictionMade', 'EvaluationRun'],
  promote: ['ModelPromoted'],
  export: ['FileSent', 'FileSent'],
  archive: ['DatasetArchived'],
  instruction: ['InstructionShown'],
};

const WRITING = [
  'correct !correct last hello',
  'feedback !feedback Nice.',
  'retrain !retrain',
  'train !train data={"prompt":"a","completion":"b"}',
  'test !test {"prompt":"x"}',
  'promote !promote',
  'export !export last',
  'archive !archive exports',
  'instruction !instruction',
];

describe.each([
  ['a disk without space', smallDisk],
  ['files that may not grow', limitedFiles],
])('%s', (_, makeDisk) => {
  it('gets one sentence for each command, which changes nothing, and is got over', async ({ skip }) => {
    const disk = makeDisk();
    if (disk === undefined) return skip('this account may not make one');
    const { directory } = disk;
    const console = new Talk(directory, { flags: ['--ids'] });
    const { pid } = console.program.child;
    for (const line of [
      '0 hello',
      '1 !correct last hi',
      '2 !retrain',
      '3 !wait',
      '4 !export last',
      '5 !retrain',
    ])
      expect(await console.ask(line)).toMatchObject({ ok: true });

    disk.fill(pid);
    const refused = new Map<string, Reply>();
    const sent: string[] = [];
    const send = async (line: string) => {
      const reply = await console.ask(line);
      sent.push(line);
      if (!reply.ok) refused.set(line, reply);
    };
    // What is left of space in the files that are there is used up first.
    for (let n = 0; refused.size === 0; n++) await send(`ask-${n} ${'Again? '.repeat(300)}`);
    for (const line of WRITING) await send(line);
    expect((await console.ask('6 !history')).ok).toBe(true);
    expect(refused.size).toBeGreaterThan(WRITING.length / 2);
    const written = new Set(eventsIn(directory).map(({ metadata }) => metadata.commandId));
    for (const [line, { text }] of refused) {
      expect([line, text]).toEqual([line, expect.stringMatching(/^[^\n]+\.$/)]);
      // The ledger may still have taken what the read models could not.
      if (!/recorded is safe/.test(text)) expect([line, written.has(idOf(line))]).toEqual([line, false]);
    }

    disk.free(pid);
    for (const line of sent)
      await vi.waitFor(async () => expect(await console.ask(line)).toMatchObject({ ok: true }), {
        timeout: 15_000,
      });
    expect((await console.ask('7 !wait')).data.state).toBe('succeeded');
    expect(await console.end()).toMatchObject({ code: 0, stderr: '' });

    const events = eventsIn(directory);
    for (const line of sent) {
      const types = events.flatMap(({ type, metadata }) => (metadata.commandId === idOf(line) ? type : []));
      expect([line, types]).toEqual([line, EFFECTS[idOf(line)] ?? ['PredictionMade']]);
    }
    const ends = events.flatMap(({ type, data }) =>
      type === 'TrainingSucceeded' && 'job' in data ? data.job : [],
    );
    expect(ends).toHaveLength(4);
    expect(new Set(ends).size).toBe(4);
    expect((await talkHere(directory, ['!history'])).replies[0]?.ok).toBe(true);
  });
});

function idOf(line: string): string {
  return line.slice(0, line.indexOf(' '));
}

function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

function writeUntilFull(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (const size of [65_536, 4_096, 1]) {
      for (let written = size; written === size; ) written = tryToWrite(file, size);
    }
  } finally {
    closeSync(file);
  }
}

function tryToWrite(file: number, size: number): number {
  try {
    return writeSync(file, Buffer.alloc(size));
  } catch {
    return 0;
  }
}
