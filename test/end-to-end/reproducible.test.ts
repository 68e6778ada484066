import { describe, expect, it } from 'vitest';
import { expectDatasetsReproducible, KIRITIMATI } from './reproducible.ts';
import { talkHere, temporaryDirectory } from './talk.ts';

const TALK = [
  'İstanbul nerede?',
  '!correct last İstanbul Türkiye’dedir; ı is not i.',
  '!retrain',
  'Где ёлка?',
  '!correct last В лесу.',
  '!feedback last -',
  '!retrain',
  'e\u0301 or é?',
  '!correct last Either: e\u0301, \u00e9, \ufb01, 👩‍👩‍👧.',
  '!correct last Both.',
  '!retrain format=dpo',
  '!withdraw last',
  '!feedback last +',
  '!retrain format=kto',
  '!retrain since=2020-01-01',
  '!correct last Nobody knows.',
  '!withdraw last',
  '!retrain since=2020-01-01',
  '!wait',
  '!promote',
  'Где ёлка?',
  '!correct last Дома.',
  '!retrain',
];

describe('datasets', () => {
  it('are built again to the byte from the ledger alone, anywhere', async () => {
    const directory = temporaryDirectory();
    const { replies } = await talkHere(directory, TALK);
    const told = replies.filter(({ command }) => command === 'retrain').map(({ data }) => data.sha256);
    expect(new Set(await expectDatasetsReproducible(directory, [KIRITIMATI]))).toEqual(new Set(told));
    expect(new Set(told).size).toBeGreaterThanOrEqual(5);
  });
});
