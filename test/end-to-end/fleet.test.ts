import { describe, expect, it } from 'vitest';
import { startStandIn } from '../stand-ins/openai/started.ts';
import { Bot, expectOnce, expectToSurviveTogether, Store } from './fleet.ts';
import { temporaryDirectory } from './talk.ts';

/** More than the ten that a server wants at the least, since some are held out. */
const DOORS = 30;

/** In ms. */
const SOON = { timeout: 20_000 };

describe('several bots on one store', () => {
  it('do every command once and end every job once, though they and the store are killed', async () => {
    const events = await expectToSurviveTogether({ bots: 2, ms: 3_000 });
    // A training is not sure to come up in so short a time; the long form sees to that.
    expect(events).not.toHaveLength(0);
  });

  it('answer with what another one has written, as soon as it has come to them', async () => {
    const fleet = temporaryDirectory();
    const store = new Store(fleet);
    await store.start();
    const env = { LEDGER_URL: store.url };
    const [one, other] = [new Bot(fleet, 'one', env).start(), new Bot(fleet, 'other', env).start()];
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

  it('go on with the paid job of one that is gone, and pay for no other', async () => {
    const fleet = temporaryDirectory();
    const store = new Store(fleet);
    await store.start();
    const openai = await startStandIn();
    const env = {
      LEDGER_URL: store.url,
      TAKEOVER_SECONDS: '3',
      TRAINER: 'openai',
      OPENAI_API_KEY: openai.key,
      OPENAI_BASE_URL: openai.url,
      OPENAI_POLL_SECONDS: '1',
    };
    const [gone, heir] = [new Bot(fleet, 'gone', env), new Bot(fleet, 'heir', env)];
    const data = Array.from({ length: DOORS }, (_, n) => ({
      prompt: `What opens door ${n}?`,
      completion: `Key ${n}.`,
    }));
    const held = openai.faults.hold('GET /fine_tuning/jobs/:id');
    const first = gone.start();
    const requested = await first.ask(`t1 !train confirm=true data=${JSON.stringify(data)}`);
    expect(requested).toMatchObject({ ok: true });
    await held.reached;
    const second = heir.startHere();
    expect(await second.ask('h1 !hi')).toMatchObject({ ok: true });
    await gone.kill();
    held.release();
    expect(await second.ask('w1 !wait')).toMatchObject({
      ok: true,
      text: expect.stringContaining('succeeded'),
    });
    expect(await second.end()).toMatchObject({ code: 0, stderr: '' });
    expect(openai.jobs.paid).toHaveLength(1);
    const events = await store.events();
    expectOnce(events, []);
    const takers = events.flatMap((event) => (event.type === 'TrainingTaken' ? event.data.process : []));
    expect(new Set(takers).size).toBe(2);
  });
});
