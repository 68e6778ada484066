import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createExampleReader } from '../../src/adapters/files/example-reader.ts';
import { openVault } from '../../src/adapters/files/vault.ts';
import { manifestEntries } from '../../src/bot/dataset-content.ts';
import { type IntakeTerms, takeIn } from '../../src/bot/dataset-intake.ts';
import { sourcesOf } from '../../src/bot/dataset-sources.ts';
import { serialiseEvent } from '../../src/domain/event-content.ts';
import { datasetLine } from '../../src/domain/examples.ts';
import type { SourceFile } from '../../src/domain/ports.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { temporaryDirectory } from '../adapters/files/temporary-directory.ts';
import { id, metadata } from '../domain/samples.ts';

const terms: IntakeTerms = { positive: true, skipInvalid: false, maxExampleBytes: 1_000 };

function source(path: string, text: string): SourceFile {
  const content = Buffer.from(text);
  return {
    path,
    bytes: content.length,
    read: async function* () {
      yield content;
    },
  };
}

function intakeOf(files: readonly SourceFile[], changes: Partial<IntakeTerms> = {}) {
  const vault = openVault(temporaryDirectory());
  return takeIn({ vault, exampleReader: createExampleReader() }, files, { ...terms, ...changes });
}

async function refusal(taken: Promise<unknown>): Promise<string> {
  const error = await taken.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Refusal) return error.message;
  throw new Error(`it was not refused: ${String(error)}`);
}

describe('an example of more bytes than the policy permits', () => {
  const prompt = { role: 'user', content: 'a' } as const;
  const empty = datasetLine({ format: 'sft', messages: [prompt, { role: 'assistant', content: '' }] });
  const fitting = '€'.repeat(Math.floor((1_000 - Buffer.byteLength(empty)) / 3));
  const lines = (completion: string) =>
    ['b', completion].map((text) => `${JSON.stringify({ prompt: 'a', completion: text })}\n`).join('');

  it('is refused with its line and the limit, and nothing is taken', async () => {
    const bytes = Buffer.byteLength(empty) + 3 * (fitting.length + 1);
    expect(await refusal(intakeOf([source('long.jsonl', lines(`${fitting}€`))]))).toBe(
      `long.jsonl, line 2: it makes a line of ${bytes} bytes in the dataset, and the policy here permits 1000; nothing was taken, so mend it or add skip_invalid=true.`,
    );
  });

  it('is left out with its reason where bad lines are to be skipped', async () => {
    const { selected, skipped } = await intakeOf([source('long.jsonl', lines(`${fitting}€`))], {
      skipInvalid: true,
    });
    expect(selected).toMatchObject({ examples: 1, skipped: 1 });
    expect(skipped.map(({ path, line }) => [path, line])).toEqual([['long.jsonl', 2]]);
  });

  it('does not decide of which format the dataset is', async () => {
    const rated = { prompt: [prompt], completion: [{ role: 'assistant', content: 'b' }], label: true };
    const long = { ...rated, completion: [{ role: 'assistant', content: 'x'.repeat(1_000) }] };
    const files = [source('long.jsonl', `${JSON.stringify(long)}\n`), source('chats.jsonl', lines('c'))];
    const { selected } = await intakeOf(files, { skipInvalid: true });
    expect(selected).toMatchObject({ format: 'sft', examples: 2, skipped: 1 });
  });

  it('is one byte longer than what is taken', async () => {
    const { selected } = await intakeOf([source('fits.jsonl', lines(fitting))]);
    expect(selected.examples).toBe(2);
  });
});

describe('files by the thousand', () => {
  const files = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      source(`datasets/many/größe ${index}.jsonl`, '{"prompt":"a","completion":"b"}\n'),
    );

  it('are refused before any is read where one event cannot name them all, with how many it could', async () => {
    const unread = files(10_000).map((file) => ({
      ...file,
      read: () => {
        throw new Error('it was read');
      },
    }));
    const sentence = await refusal(intakeOf(unread));
    expect(sentence).toMatch(
      /^A dataset cannot be taken from 10000 files at once; take at most \d{4} of them, or join them into fewer files\.$/,
    );
    const most = Number(/at most (\d+)/.exec(sentence)?.[1]);
    const { selected } = await intakeOf(files(most));
    expect(selected.sources.length).toBe(most);
    const event = { id: id(1), type: 'DatasetSelected', data: selected, metadata };
    expect(serialiseEvent(event).data.length).toBeGreaterThan(0);
    expect(await refusal(intakeOf(files(most + 1)))).toContain(`from ${most + 1} files`);
  });
});

describe('examples that do not stand line after line', () => {
  const count = 10_000;
  /** Of the file: every third example is followed by one blank line more. */
  const sourceLine = (line: number) => 2 * line - 1 + Math.floor((line - 1) / 3);
  const text = Array.from({ length: count }, (_, index) => {
    const blank = (index + 1) % 3 === 0 ? '\n\n' : '\n';
    return `{"prompt":"a","completion":"${index + 1}"}\n${blank}`;
  }).join('');
  const intoVault = (content: string) => {
    const directory = temporaryDirectory();
    const vault = openVault(directory);
    const files = [source('first.jsonl', '{"prompt":"a","completion":"0"}\n'), source('gaps.jsonl', content)];
    const intake = takeIn({ vault, exampleReader: createExampleReader() }, files, terms);
    const left = () => readdirSync(directory).filter((name) => name.length !== 2);
    return { vault, intake, left };
  };

  it('are each known by their own line, and nothing else is left in the vault', async () => {
    const { vault, intake, left } = intoVault(text);
    const { manifest } = (await intake).selected;
    const sources = await sourcesOf(vault, { manifest }, [1, 2, 5_000, count + 1]);
    expect([...sources]).toEqual([
      [1, { kind: 'file', path: 'first.jsonl', line: 1 }],
      ...[2, 5_000, count + 1].map((line) => [
        line,
        { kind: 'file', path: 'gaps.jsonl', line: sourceLine(line - 1) },
      ]),
    ]);
    const stretches = [];
    for await (const entry of manifestEntries(vault, manifest)) stretches.push(entry);
    expect(stretches[0]).toMatchObject({ kind: 'selection' });
    expect(stretches.slice(2)).toEqual(
      Array.from({ length: count }, (_, index) => ({
        kind: 'lines',
        line: index + 2,
        path: 'gaps.jsonl',
        sourceLine: sourceLine(index + 1),
        count: 1,
      })),
    );
    expect(left()).toEqual([]);
  });

  it('leave nothing in the vault where they are refused after all', async () => {
    const { intake, left } = intoVault(`${text}nonsense\n`);
    await refusal(intake);
    expect(left()).toEqual([]);
  });
});
