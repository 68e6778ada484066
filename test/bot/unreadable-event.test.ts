import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UnreadableEvent } from '../../src/domain/events.ts';
import { streamName } from '../../src/domain/streams.ts';
import { metadata } from '../domain/samples.ts';
import { RunningBot } from './running-bot.ts';

describe('a bot whose ledger holds an event that it cannot read', () => {
  it.each([
    {
      what: 'of a later version',
      event: { type: 'SomethingNewer', data: {}, metadata },
      says: /^What is recorded is safe but .* a later version of this program; ask the operator to upgrade this one\.$/,
      inRussian: /более новой версией программы; попросите администратора бота обновить эту\.$/,
      tells: /\(SomethingNewer, revision 0 of .*\) .* a later version of this program; upgrade this one$/,
    },
    {
      what: 'of a later schema',
      event: { type: 'TrainingCancelled', data: {}, metadata: { ...metadata, schemaVersion: 2 } },
      says: /a later version of this program; ask the operator to upgrade this one\.$/,
      inRussian: /более новой версией программы/,
      tells: /has the schema version 2, .* upgrade this one$/,
    },
    {
      what: 'of another program',
      event: { type: 'TrainingCancelled', data: { order: 7 }, metadata },
      says: /holds something that this program has not written; ask the operator to look at its output\.$/,
      inRussian: /записала не эта программа/,
      tells: /does not fit its schema .*; take it out of the ledger or restore a backup, and start again$/s,
    },
  ])('$what says so to all who ask, and once to its operator', async ({ event, says, inRussian, tells }) => {
    const faults: unknown[] = [];
    const place = await RunningBot.begin({ reportFault: (fault) => faults.push(fault) });
    const before = await place.does('ada', 'instruction');
    const stream = streamName('guild', 'job', randomUUID());
    await place.ledger.append(stream, 'no_stream', [{ id: randomUUID(), ...event }]);

    const waiting = expect(place.bot.idle('guild')).rejects.toBeInstanceOf(UnreadableEvent);
    const asked = await place.says('ada', 'When does the library open?');
    const again = await place.does('ada', 'instruction');
    const russian = await place.does('ada', 'instruction', {}, { locale: 'ru' });

    await waiting;
    expect(before.ok).toBe(true);
    expect([asked.ok, again.ok, russian.ok]).toEqual([false, false, false]);
    expect(asked.text).toMatch(says);
    expect(again.text).toMatch(says);
    expect(russian.text).toMatch(inRussian);
    expect(faults.map(String)).toEqual([expect.stringMatching(tells)]);
  });
});
