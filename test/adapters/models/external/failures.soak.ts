import { chmod, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failureOf, optionsOf, orderFor, place, plainNode, script, train } from './training.ts';

/** A trainer that does these things and then writes a manifest, in which some fields are different. */
function withManifest(different: string, first = ''): string {
  return `
    import { createHash } from 'node:crypto';
    import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
    const out = process.argv[2] + '/out/';
    const config = JSON.parse(readFileSync('config.json', 'utf8'));
    const sha256 = (text) => createHash('sha256').update(text).digest('hex');
    writeFileSync(out + 'adapter.bin', 'weights');
    ${first}
    writeFileSync(out + 'manifest.json', JSON.stringify({
      protocol: 'trainer/1', dataset_sha256: config.dataset.sha256, base_model: 'tiny-base', seed: 42,
      tools: { hand: '1' }, artifacts: [{ path: 'adapter.bin', sha256: sha256('weights') }], ...{ ${different} },
    }));`;
}

describe('a trainer that cannot be started', () => {
  it('is named where it is not there', async () => {
    expect(await failureOf(await place(), ['/no/such/trainer'])).toBe(
      'The trainer program /no/such/trainer, or what its first line says runs it, was not found; check TRAINER_COMMAND.',
    );
  });

  it('is named where it may not be executed', async () => {
    const where = await place();
    const path = join(where.root, 'trainer.sh');
    await writeFile(path, '#!/bin/sh\nexit 0\n');
    await chmod(path, 0o600);
    expect(await failureOf(where, [path])).toBe(
      `The trainer program ${path} may not be executed; make it executable, or check TRAINER_COMMAND.`,
    );
  });

  it('fails the job where the disk is full, or the directory cannot be made', async () => {
    const full = await place();
    await mkdir(full.job, { recursive: true });
    await symlink('/dev/full', join(full.job, 'train.jsonl'));
    expect(await failureOf(full, plainNode())).toBe(
      `There is no room left on the disk for ${full.job}; make room and train again.`,
    );
    const occupied = await place();
    await writeFile(occupied.directory, 'a file');
    expect(await failureOf(occupied, plainNode())).toContain(`The training in ${occupied.job} failed (`);
  });
});

describe('a trainer that fails', () => {
  it.each([
    [2, 'The trainer refused its configuration (exit code 2)'],
    [3, 'The trainer refused the dataset (exit code 3)'],
    [4, 'The trainer ran out of memory (exit code 4)'],
    [77, 'The trainer failed (exit code 77)'],
  ])('with exit code %d is told of in its own words', async (code, reason) => {
    const where = await place();
    const command = await script(
      where,
      `console.error('first'); console.error('\\x1b[31mlast\\x07'); process.exitCode = ${code};`,
    );
    const told = await failureOf(where, command);
    expect(told).toContain(reason);
    expect(told).toMatch(/; .+\. Its last words: first \/ last$/);
  });

  it('is believed rather by its error line than by what it printed', async () => {
    const where = await place();
    const lines = `
      import { writeSync } from 'node:fs';
      writeSync(3, '{"kind":"error","message":"line 7 has no answer"}\\n');
      console.error('Traceback');
      process.exitCode = 3;`;
    expect(await failureOf(where, await script(where, lines))).toBe(
      'The trainer refused the dataset (exit code 3); train on another one, or in another format. Its last words: line 7 has no answer',
    );
  });

  it('by writing what is none of the protocol is quoted', async () => {
    const where = await place();
    const lines = `import { writeSync } from 'node:fs'; writeSync(3, '{"kind": half\\n'); process.exitCode = 1;`;
    expect(await failureOf(where, await script(where, lines))).toContain(
      'Its last words: no line of trainer/1: {"kind": half',
    );
  });

  it.each([
    [
      "require('node:fs').writeFileSync('/dev/full', 'weights')",
      'The trainer found no room left on the disk (exit code 1)',
    ],
    [
      "throw new Error('torch.OutOfMemoryError: CUDA out of memory.')",
      'The trainer ran out of memory (exit code 1)',
    ],
    [
      "process.kill(process.pid, 'SIGKILL')",
      'The trainer was killed (SIGKILL), as a system does that is short of memory',
    ],
    ["process.kill(process.pid, 'SIGTERM')", 'The trainer was ended by SIGTERM'],
  ])('in the way of %s is understood', async (doing, reason) => {
    expect(await failureOf(await place(), [process.execPath, '-e', doing])).toContain(reason);
  });

  it('with what may pass is started again, three times in all', async () => {
    const where = await place();
    const lines = `import { appendFileSync } from 'node:fs'; appendFileSync('starts', 'x'); process.exitCode = 5;`;
    expect(await failureOf(where, await script(where, lines))).toBe(
      'The trainer failed 3 times with what may pass (exit code 5); train again later.',
    );
    expect((await stat(join(where.job, 'starts'))).size).toBe(3);
  });

  it('only once with what may pass succeeds', async () => {
    const where = await place();
    const first = `
      import { existsSync } from 'node:fs';
      writeFileSync(out + 'manifest.json', 'of the first attempt');
      if (!existsSync('tried')) { writeFileSync('tried', ''); process.exit(5); }`;
    const updates = await train(
      optionsOf(where, await script(where, withManifest('', first))),
      await orderFor(where),
    );
    expect(updates.at(-1)?.kind).toBe('succeeded');
  });

  it('tells no secret, neither one that was passed on nor one that looks like it', async () => {
    const where = await place();
    const lines = `console.error('token ' + process.env.HF_TOKEN + ', sk-abcdefghijklmnopqrstuv, the-bots-own'); process.exitCode = 1;`;
    const variables = { PATH: process.env.PATH, HF_TOKEN: 'of-the-operator' };
    const told = await failureOf(where, await script(where, lines), {
      variables,
      passedOn: { names: ['HF_TOKEN'], secrets: ['the-bots-own'] },
    });
    expect(told).toMatch(/Its last words: token \*{8}, \*{8}, \*{8}$/);
  });

  it('tells a bounded part of what it said', async () => {
    const where = await place();
    const lines = `for (let line = 0; line < 1000; line++) console.error(line + 'x'.repeat(5000)); process.exitCode = 1;`;
    expect((await failureOf(where, await script(where, lines))).length).toBeLessThan(1_500);
  });

  it('by never ending is ended when its time is over', async () => {
    const where = await place();
    const told = await failureOf(where, await script(where, 'setInterval(() => {}, 1000);'), {
      timeLimitMs: 1_000,
    });
    expect(told).toBe(
      'The trainer was ended because it had not finished after 1 s; raise TRAINER_TIME_LIMIT_HOURS or give it less to do.',
    );
  });

  it('after a flood of output leaves only the end of it on the disk, and is told of', async () => {
    const where = await place();
    const lines = `
      import { writeSync } from 'node:fs';
      const piece = ('y'.repeat(199) + '\\n').repeat(5_000);
      for (let sent = 0; sent < 70; sent++) writeSync(1, piece);
      writeSync(2, 'the end\\n');
      process.exitCode = 1;`;
    const told = await failureOf(where, await script(where, lines));
    expect(told).toContain('It wrote 67 MiB of output, of which only the end was kept');
    expect(told).toContain('Its last words: the end');
    const sizes = await Promise.all(
      (await readdir(where.job)).map(async (name) => (await stat(join(where.job, name))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(12 * 2 ** 20);
  });
});

describe('what a trainer leaves', () => {
  it('is a result with a valid manifest', async () => {
    const where = await place();
    const updates = await train(
      optionsOf(where, await script(where, withManifest(''))),
      await orderFor(where),
    );
    expect(updates.at(-1)).toMatchObject({ kind: 'succeeded', loss: null });
  });

  it.each([
    ['no manifest', `process.exit(0);`, '', 'it wrote no manifest.json in its output directory'],
    [
      'no JSON',
      `writeFileSync(out + 'manifest.json', '{'); process.exit(0);`,
      '',
      'its manifest.json is not JSON',
    ],
    [
      'missing fields',
      '',
      `tools: {}`,
      'its manifest.json does not hold what it must (tools: must name at least one tool)',
    ],
    [
      'another dataset',
      '',
      `dataset_sha256: 'ab'.repeat(32)`,
      'its manifest is of another dataset, abababab…',
    ],
    ['another base model', '', `base_model: 'other'`, 'its manifest is of another base model, "other"'],
    ['another seed', '', `seed: 7`, 'its manifest is of another seed, 7'],
    [
      'another hash',
      `writeFileSync(out + 'adapter.bin', 'more');`,
      '',
      'the artifact "adapter.bin" is not what the manifest says',
    ],
    [
      'a missing file',
      '',
      `artifacts: [{ path: 'a/b', sha256: sha256('') }]`,
      'the artifact "a/b" is missing',
    ],
    [
      'a directory',
      `mkdirSync(out + 'd');`,
      `artifacts: [{ path: 'd', sha256: sha256('') }]`,
      'the artifact "d" is not a file',
    ],
    [
      'a way out',
      '',
      `artifacts: [{ path: '../config.json', sha256: sha256('') }]`,
      'must be relative to the output directory',
    ],
    [
      'a link out',
      `symlinkSync('../config.json', out + 'link');`,
      `artifacts: [{ path: 'link', sha256: sha256(readFileSync('config.json')) }]`,
      'the artifact "link" stands outside the output directory',
    ],
  ])('is no result with %s', async (_, first, different, reason) => {
    const where = await place();
    const told = await failureOf(where, await script(where, withManifest(different, first)));
    expect(told).toContain('The trainer ended as if it were done, but nothing is taken from it because ');
    expect(told).toContain(reason);
  });
});
