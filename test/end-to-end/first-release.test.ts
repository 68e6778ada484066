import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { importLedgerFromFile } from '../../src/adapters/ledger/transfer.ts';
import { talkHere, temporaryDirectory } from './talk.ts';

/** As the first release exported it: two corrections that stand, one withdrawn, a dataset, a model, no settings. */
const released = fileURLToPath(new URL('./fixtures/first-release.jsonl', import.meta.url));

const asked = [
  '!history limit=100',
  '!dataset last verify=true',
  '!history last',
  '!review',
  '!settings',
  '!privacy',
] as const;

it('what the first release recorded reads as it was meant, and its dataset is built again byte for byte', async () => {
  const directory = temporaryDirectory();
  expect(await importLedgerFromFile(join(directory, 'ledger.sqlite'), released)).toEqual({ events: 17 });

  const { replies } = await talkHere(directory, asked, { flags: ['--as', 'ada'] });
  const [history, dataset, chain, review, settings, privacy] = replies;
  expect(replies.map(({ ok }) => ok)).toEqual(asked.map(() => true));
  expect(history?.data.events).toHaveLength(17);
  expect(dataset?.text).toContain('Built again from the ledger: every byte is the same.');
  expect(dataset?.data.lines).toMatchObject([
    { source: { members: ['ada'] } },
    { source: { members: ['ada'] } },
  ]);
  expect(chain?.text).toContain('correction 084a3827 of answer e54474ca: “At nine.”, given by ada');
  expect(review?.data).toEqual({ waiting: 0, answers: [], after: null });
  expect(settings?.data).toMatchObject({ review: 'untrusted', trainerRoles: [] });
  expect(privacy?.data).toMatchObject({
    questions: 3,
    corrections: 3,
    feedback: 1,
    consent: 'given on purpose only',
  });
});

it('read models of another release are made anew from the ledger at the next start', async () => {
  const directory = temporaryDirectory();
  await importLedgerFromFile(join(directory, 'ledger.sqlite'), released);
  const before = await talkHere(directory, asked);
  const file = new Database(join(directory, 'read-models.sqlite'));
  const { changes } = file.prepare("UPDATE generations SET signature = 'of another release'").run();
  file.exec(
    'DROP VIEW corrections; DROP VIEW waiting; DROP TABLE g1_waiting; ALTER TABLE g1_verdicts DROP COLUMN question;',
  );
  file.close();
  expect(changes).toBe(1);

  expect((await talkHere(directory, asked)).raw).toEqual(before.raw);
});
