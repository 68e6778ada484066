import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

const RECORD = new URL('../../../../src/adapters/models/external/run-record.ts', import.meta.url).href;

describe('the record of a training', () => {
  it('holds whole lines also where the disk has room for no more, and then waits with the end', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'record-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const path = join(directory, 'record.jsonl');
    const script = `
      import { RunRecord } from ${JSON.stringify(RECORD)};
      const record = new RunRecord(${JSON.stringify(path)});
      for (let step = 1; step <= 1000; step++) record.append({ kind: 'progressed', step, total: 1000, loss: 0.5 });
      const said = ['x'.repeat(4096)];
      const outcome = { kind: 'failed', reason: 'too long for the room that is left', said };
      const stop = new AbortController();
      const written = record.appendSurely({ kind: 'ended', outcome }, stop.signal);
      stop.abort();
      await written;
      console.log('waited');`;
    // A file may not grow beyond so many blocks: the system refuses to write as it does on a full disk.
    const limited = `ulimit -f 8; exec "$0" --input-type=module -e "$1"`;
    const { stdout } = await promisify(execFile)('sh', ['-c', limited, process.execPath, script]);
    expect(stdout).toBe('waited\n');
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines.pop()).toBe('');
    const steps = lines.map((line) => JSON.parse(line).step);
    expect(steps.length).toBeGreaterThan(40);
    expect(steps.length).toBeLessThan(200);
    expect(steps).toEqual(steps.toSorted((one, other) => one - other));
  });
});
