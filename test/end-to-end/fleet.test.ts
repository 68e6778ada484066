import { describe, expect, it } from 'vitest';
import { Bot, expectToSurviveTogether, Store } from './fleet.ts';
import { temporaryDirectory } from './talk.ts';

/** In ms. */
const SOON = { timeout: 20_000 };

describe('several bots on one store', () => {
  it('do every command once and end every job once, though they and the store are killed', async () => {
    const events = await expectToSurviveTogether({ bots: 2, ms: 1_500 });
    // A training is not sure to come up in so short a time; the long form sees to that.
    expect(events).not.toHaveLength(0);
  });

  it('answer with what another one has written, as soon as it has come to them', async () => {
    const fleet = temporaryDirectory();
    const store = new Store(fleet);
    await store.start();
    const env = { LEDGER_URL: store.url };
    const [one, other] = [new Bot(fleet, 'one', env).startHere(), new Bot(fleet, 'other', env).startHere()];
    let asked = 0;
    // What is refused, because it has not come to the bot yet, is asked once more.
    const answerOf = (bot: typeof one, line: string) =>
      expect.poll(() => bot.ask(`${++asked} ${line}`), SOON);
    await answerOf(one, 'Where is the station?').toMatchObject({ ok: true, data: { abstained: true } });
    await answerOf(other, '!correct last Behind the park.').toMatchObject({ ok: true });
    await answerOf(one, '!retrain').toMatchObject({ ok: true });
    await answerOf(other, '!wait').toMatchObject({ ok: true, text: expect.stringContaining('succeeded') });
    await answerOf(other, '!promote').toMatchObject({ ok: true });
    await answerOf(one, 'where is the station').toMatchObject({ data: { response: 'Behind the park.' } });
    expect(await one.end()).toMatchObject({ code: 0, stderr: '' });
    expect(await other.end()).toMatchObject({ code: 0, stderr: '' });
  });
});
