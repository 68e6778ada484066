import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../program.ts';
import { id, talkHere, temporaryDirectory } from './talk.ts';

const QUESTION = 'What is the capital of Atlantis?';
const LINES = [
  QUESTION,
  '!correct last Poseidonis is the capital of Atlantis.',
  '!retrain',
  '!wait',
  '!promote',
  QUESTION,
  '!history last',
];

describe('the loop, piped in on an empty directory', () => {
  it('closes in text that a person reads', async () => {
    const cwd = temporaryDirectory();
    const { code, stdout, stderr } = await run(['console'], { cwd }, LINES.join('\n'));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('I have not learned an answer to that.');
    expect(stdout).toContain('\nPoseidonis is the capital of Atlantis.\n(answer ');
    const [, correction] = /Recorded as correction ([0-9a-f]{8}) /.exec(stdout) ?? [];
    const [, job, sha256] =
      /Job ([0-9a-f]{8}) trains on 1 example .*SHA-256 ([0-9a-f]{64})/.exec(stdout) ?? [];
    const [first, second] = [...stdout.matchAll(/\(answer ([0-9a-f]{8})\)/g)].map(([, answer]) => answer);
    const history = stdout.slice(stdout.lastIndexOf(`\nanswer ${second} `));
    for (const told of [`correction ${correction}`, `SHA-256 ${sha256}`, `job ${job}`, `answer ${first}`])
      expect(history).toContain(told);
  });

  it('closes in JSON that a program reads', async () => {
    const directory = temporaryDirectory();
    const { replies, notices } = await talkHere(directory, LINES);
    const [asked, corrected, retrained, waited, promoted, again, history] = replies;
    expect(replies.map(({ ok }) => ok)).toEqual(replies.map(() => true));
    expect(asked?.data).toMatchObject({ abstained: true, learnedFrom: null, model: 'embedded-base' });
    const dataset = id(retrained, 'dataset');
    expect(again?.data).toMatchObject({
      response: 'Poseidonis is the capital of Atlantis.',
      abstained: false,
      learnedFrom: { dataset, line: 1, similarity: 1 },
      model: id(promoted, 'model'),
    });
    expect(waited?.data).toMatchObject({ job: id(retrained, 'job'), state: 'succeeded' });
    expect(notices.at(-1)?.data).toMatchObject({
      job: id(retrained, 'job'),
      state: 'succeeded',
      progress: 1,
    });

    const lines = JSON.stringify(history?.data.lines);
    for (const part of [
      id(asked, 'answer'),
      id(again, 'answer'),
      id(corrected, 'correction'),
      id(retrained, 'job'),
      `SHA-256 ${id(retrained, 'sha256')}`,
    ])
      expect(lines).toContain(part);
  });

  it('names the dataset by the SHA-256 of the file that is exported', async () => {
    const directory = temporaryDirectory();
    const { replies } = await talkHere(directory, [...LINES.slice(0, 3), '!export last']);
    const [, , retrained, exported] = replies;
    const sha256 = id(retrained, 'sha256');
    const [file] = exported?.files ?? [];
    expect(file?.sha256).toBe(sha256);
    const bytes = readFileSync(join(directory, file?.path ?? ''));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    expect(JSON.parse(bytes.toString())).toEqual({
      messages: [
        { role: 'user', content: QUESTION },
        { role: 'assistant', content: 'Poseidonis is the capital of Atlantis.' },
      ],
    });
  });
});
