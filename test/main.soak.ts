import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Program, run } from './program.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'training-ledger-'));
  const examples = Array.from({ length: 200_000 }, (_, number) =>
    JSON.stringify({ prompt: `What is thing ${number} for?`, completion: `For ${number} uses.` }),
  );
  mkdirSync(join(cwd, 'data', 'datasets'), { recursive: true });
  writeFileSync(join(cwd, 'data', 'datasets', 'things.jsonl'), examples.join('\n'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

describe('a program that is told to end while a model trains', () => {
  it.each(['!wait', ''])('ends with 0, and its next start finishes the training (%j)', async (line) => {
    const program = new Program(['--json'], { cwd });
    program.send(`!train data_dir=datasets\n${line}\n`);
    if (line === '') program.child.stdin.end();
    await vi.waitFor(() => expect(program.stdout).toContain('"running","progress":0.'), { timeout: 60_000 });
    program.child.kill('SIGTERM');
    const first = await program.ended;
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).not.toContain('"succeeded"');

    const second = await run(['--json'], { cwd });
    expect([second.code, second.stderr]).toEqual([0, '']);
    expect(second.stdout.match(/"state":"succeeded"/g)).toHaveLength(1);
    const third = await run(['--json'], { cwd });
    expect(third.stdout).toBe('');
  });
});
