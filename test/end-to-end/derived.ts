import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { run } from '../program.ts';
import { RandomSession, sittings } from './random-session.ts';
import { talk, temporaryDirectory } from './talk.ts';

/**
 * People talk to the program in turns, in between the read models are deleted or put back to an earlier time, and
 * whatever can be asked is answered to the byte as it was.
 */
export async function expectEverythingInTheLedger(size: {
  readonly runs: number;
  readonly sittings: number;
  readonly lines: number;
}): Promise<void> {
  const story = fc.array(fc.boolean(), { minLength: size.sittings, maxLength: size.sittings });
  await fc.assert(
    fc.asyncProperty(sittings(size.sittings, size.lines), story, async (people, cuts) => {
      const session = new RandomSession(temporaryDirectory());
      const { directory } = session;
      const file = join(directory, 'read-models.sqlite');
      for (const [index, sitting] of people.entries()) {
        await session.sit(sitting);
        if (index === 0) copyFileSync(file, join(directory, 'earlier'));
        if (cuts[index] === true) deleteReadModels(file);
      }
      const answers = async () => (await talk(directory, session.questions)).raw;

      const before = await answers();
      expect(before).toHaveLength(session.questions.length);
      deleteReadModels(file);
      expectSame(session.questions, await answers(), before);
      deleteReadModels(file);
      copyFileSync(join(directory, 'earlier'), file);
      expectSame(session.questions, await answers(), before);
      expect(
        await run(['projections', 'rebuild', '--data-dir', directory], { cwd: directory }),
      ).toMatchObject({
        code: 0,
        stderr: '',
      });
      expectSame(session.questions, await answers(), before);
    }),
    { numRuns: size.runs, endOnFailure: true },
  );
}

function expectSame(questions: readonly string[], now: readonly string[], before: readonly string[]): void {
  for (const [index, question] of questions.entries())
    expect([question, now[index]]).toEqual([question, before[index]]);
}

function deleteReadModels(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  expect(existsSync(file)).toBe(false);
}
