import { expect, test } from 'vitest';
import { usualVoiceTiming } from '../../../../src/adapters/discord/voice/timing.ts';
import { languages } from '../../../../src/domain/languages/languages.ts';
import { isHeardAgain, speaking } from './mid-speech.ts';
import { hasLeft, outcome, voiceScene } from './scene.ts';

test('a server that sends the bot away, though it is still in the channel, is asked to let it in again', async () => {
  const { scene, answer } = await speaking({ timing: { movedMs: 100 } });
  scene.server().cut({ code: 4014 });
  await scene.discord.calls.joins.take();
  await scene.discord.calls.joins.take();
  expect(await outcome(scene, answer)).toMatchObject({ kind: 'spoken' });
  await isHeardAgain(scene);
  expect(scene.discord.calls.joins.all).toHaveLength(2);
});

test('sound that is lost for a while is not missed for longer', async () => {
  const { scene, answer } = await speaking();
  scene.server().udp.isSilent = true;
  expect(await outcome(scene, answer)).toMatchObject({ kind: 'spoken' });
  scene.server().udp.isSilent = false;
  await isHeardAgain(scene);
  expect(scene.discord.calls.joins.all).toHaveLength(1);
});

test('a server that lets the bot in and throws it out again is not tried for ever', async () => {
  const scene = await voiceScene();
  const { server } = scene;
  let isOver = false;
  const throwOut = async () => {
    while (!isOver) {
      await server()
        .sessions.take()
        .catch(() => undefined);
      server().cut({ code: 4009 });
    }
  };
  void throwOut();
  await scene.join().catch(() => undefined);
  const { happening } = await scene.reports.find(({ happening }) => happening.kind === 'left');
  isOver = true;
  expect(happening).toEqual({ kind: 'left', reason: 'disconnected' });
  const sentence = await scene.told.find();
  expect(sentence(languages.ru)).toContain('код 4009');
  expect(scene.discord.calls.joins.all.length).toBeLessThanOrEqual(4);
});

test('the voice goes on while the connection to Discord itself is made anew', async () => {
  const { scene, answer } = await speaking();
  scene.discord.gateway.cut();
  await scene.discord.gateway.resumes.find();
  expect(await outcome(scene, answer)).toMatchObject({ kind: 'spoken' });
  await isHeardAgain(scene);
});

test.for([4004, 4006, 4009, 4011, 4017, 4021, 4022])(
  'a server that refuses the bot with %i is asked a few times, ever later, and then it is said',
  async (code) => {
    const scene = await voiceScene();
    scene.server().refusal = code;
    await expect(scene.join()).rejects.toThrow(
      `Discord's voice server did not let me in, so I am not heard in ${scene.lounge.mention} (attempts: 4, code ${code}); call me again in a while.`,
    );
    const times = scene.discord.calls.joins.all.map(({ at }) => at);
    expect(times).toHaveLength(4);
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    for (const [index, atLeast] of [50, 150, 400].entries())
      expect(pauses[index]).toBeGreaterThanOrEqual(atLeast - 2);
    await hasLeft(scene);
    scene.server().refusal = null;
    await isHeardAgain(scene);
  },
);

test('with the usual patience a handful of joins a minute are made, whatever the server does', async () => {
  const scene = await voiceScene({ timing: usualVoiceTiming, joinsPerMinute: 5 });
  scene.server().refusal = 4017;
  const startedAt = performance.now();
  for (let time = 0; time < 3; time++) await scene.join().catch(() => undefined);
  // Two rounds of four are more than a minute lets through.
  expect(performance.now() - startedAt).toBeGreaterThan(60_000);
  const times = scene.discord.calls.joins.all.map(({ at }) => at);
  expect(times.length).toBeGreaterThan(5);
  // As they arrive, which on a busy machine may be some seconds after they were sent.
  for (const [index, at] of times.entries())
    expect((times[index + 5] ?? Number.POSITIVE_INFINITY) - at).toBeGreaterThan(45_000);
});
