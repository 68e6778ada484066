import { expect, it, vi } from 'vitest';
import { loadConfiguration } from '../../src/configuration.ts';
import type { Bot, Incoming } from '../../src/domain/surface.ts';
import { withBot } from '../../src/opening.ts';
import type { StandInOpenAI } from '../stand-ins/openai/stand-in-openai.ts';
import { startStandIn } from '../stand-ins/openai/started.ts';
import { temporaryDirectory } from './talk.ts';
import { answerOf, LESSONS, questionOf } from './trainers.ts';

function endpoint({ url }: StandInOpenAI, variable: string) {
  return {
    base_url: url,
    api_key_variable: variable,
    model: 'gpt-4o-mini',
    base_model: 'gpt-4o-mini-2024-07-18',
    prices: { gpt: { training: 0 } },
  };
}

async function twoEndpoints(
  work: (bot: Bot, ends: Record<'alive' | 'dead', StandInOpenAI>) => Promise<void>,
) {
  const ends = { alive: await startStandIn(), dead: await startStandIn() };
  const directory = temporaryDirectory();
  const { values: configuration } = loadConfiguration(
    { DATA_DIR: directory },
    {
      ENDPOINTS: JSON.stringify({
        alive: endpoint(ends.alive, 'ALIVE_KEY'),
        dead: endpoint(ends.dead, 'DEAD_KEY'),
      }),
      ALIVE_KEY: ends.alive.key,
      DEAD_KEY: ends.dead.key,
      OPENAI_POLL_SECONDS: '1',
      OPENAI_RETRIES: '0',
    },
    directory,
  );
  const stop = new AbortController();
  const reportFault = (fault: unknown) => {
    throw fault;
  };
  await withBot(
    { configuration, instructions: { source: 'built-in' }, stop: stop.signal, reportFault },
    async ({ bot }) => {
      await work(bot, ends);
      stop.abort();
    },
  );
}

let lines = 0;
function says(bot: Bot, scope: string, text: string) {
  const incoming: Incoming = {
    id: `line-${++lines}`,
    input: { kind: 'text', text },
    actor: { id: 'max', manager: true, roles: [] },
    scope,
    channel: 'hall',
    origin: 'console',
    surface: 'console',
    locale: 'en',
    attachments: [],
  };
  return bot.run(incoming);
}

vi.setConfig({ testTimeout: 120_000 });

it('two places train and answer on two endpoints, and of the dead one the other hears nothing', async () => {
  await twoEndpoints(async (bot, { alive, dead }) => {
    for (const [scope, trainer] of [
      ['library', 'alive'],
      ['museum', 'dead'],
    ] as const) {
      expect(await says(bot, scope, `!settings trainer=${trainer}`)).toMatchObject({ ok: true });
      for (const line of LESSONS) expect(await says(bot, scope, line)).toMatchObject({ ok: true });
    }
    const uploads = dead.faults.hold('GET /fine_tuning/jobs', { times: 100 });
    const answers = dead.faults.hold('POST /chat/completions', { times: 100 });
    expect(await says(bot, 'museum', '!retrain')).toMatchObject({ ok: true, data: { trainer: 'dead' } });
    const unanswered = says(bot, 'museum', questionOf('Hof'));
    await Promise.all([uploads.reached, answers.reached]);

    expect(await says(bot, 'library', '!retrain')).toMatchObject({ ok: true, data: { trainer: 'alive' } });
    await bot.idle('library');
    expect(await says(bot, 'library', '!promote')).toMatchObject({ ok: true });
    const answered = await says(bot, 'library', questionOf('Hof'));
    expect(answered.data).toMatchObject({ response: answerOf('Hof') });
    expect(await says(bot, 'museum', '!jobs')).toMatchObject({ ok: true });
    expect([alive.jobs.paid.length, dead.jobs.paid.length]).toEqual([1, 0]);

    answers.release();
    expect(await unanswered).toMatchObject({ ok: true, data: { model: 'gpt-4o-mini' } });
    uploads.release();
    await bot.idle('museum');
    expect(dead.jobs.paid).toHaveLength(1);
  });
});
