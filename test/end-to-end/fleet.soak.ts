import { expect, it } from 'vitest';
import { startStandIn } from '../stand-ins/openai/started.ts';
import { Bot, expectOnce, expectToSurviveTogether, Store } from './fleet.ts';
import { temporaryDirectory } from './talk.ts';

/** More than the ten that a server wants at the least, since some are held out. */
const DOORS = 30;

const MINUTES = 3;

it('three bots, each killed again and again, and their store, lose nothing and do nothing twice', async () => {
  const events = await expectToSurviveTogether({ bots: 3, ms: MINUTES * 60_000 });
  expect(events.length).toBeGreaterThan(100);
  expect(events.some(({ type }) => type === 'TrainingSucceeded')).toBe(true);
}, 900_000);

it('a bot goes on with the paid job of one that is gone, and pays for no other', async () => {
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
