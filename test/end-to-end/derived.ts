import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { runHere } from '../program.ts';
import { eventsIn } from './ledger-file.ts';
import { RandomSession, sittings } from './random-session.ts';
import { talk, talkHere, temporaryDirectory } from './talk.ts';

/** What only commands of their own record. */
const SELDOM = [
  'SettingsRecorded',
  'PolicyRecorded',
  'ConsentGiven',
  'ConsentWithdrawn',
  'CorrectionApproved',
  'EvaluationRun',
] as const;

/**
 * People talk to the program in turns, in between the read models are deleted or put back to an earlier time, and
 * whatever can be asked is answered to the byte as it was.
 */
export async function expectEverythingInTheLedger(size: {
  readonly runs: number;
  readonly sittings: number;
  readonly lines: number;
  /** Whether the program is started for each turn of questions. */
  readonly inProcesses: boolean;
}): Promise<void> {
  const ask = size.inProcesses ? talk : talkHere;
  const story = fc.array(fc.boolean(), { minLength: size.sittings, maxLength: size.sittings });
  await fc.assert(
    fc.asyncProperty(sittings(size.sittings, size.lines), story, async (people, cuts) => {
      const session = new RandomSession(temporaryDirectory());
      const { directory } = session;
      const file = join(directory, 'read-models.sqlite');
      await session.begin();
      const written = eventsIn(directory).map(({ type }) => type);
      expect(written).toEqual(expect.arrayContaining([...SELDOM]));
      for (const [index, sitting] of people.entries()) {
        await session.sit(sitting);
        if (index === 0) copyFileSync(file, join(directory, 'earlier'));
        if (cuts[index] === true) deleteReadModels(file);
      }
      const answers = async () => (await ask(directory, session.questions)).raw;

      const before = await answers();
      expect(before).toHaveLength(session.questions.length);
      deleteReadModels(file);
      expectSame(session.questions, await answers(), before);
      deleteReadModels(file);
      copyFileSync(join(directory, 'earlier'), file);
      expectSame(session.questions, await answers(), before);
      expect(await runHere(['projections', 'rebuild', '--data-dir', directory])).toMatchObject({
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
