import { expect, it, vi } from 'vitest';
import { loadConfiguration } from '../../src/configuration.ts';
import type { Bot, Incoming } from '../../src/domain/surface.ts';
import { withBot } from '../../src/opening-bot.ts';
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

type Ends = Readonly<Record<'alive' | 'dead', StandInOpenAI>>;

function settingsOf({ alive, dead }: Ends): Record<string, string> {
  return {
    ENDPOINTS: JSON.stringify({ alive: endpoint(alive, 'ALIVE_KEY'), dead: endpoint(dead, 'DEAD_KEY') }),
    ALIVE_KEY: alive.key,
    DEAD_KEY: dead.key,
    OPENAI_POLL_SECONDS: '1',
    OPENAI_RETRIES: '0',
  };
}

async function inBot(
  directory: string,
  environment: Readonly<Record<string, string>>,
  work: (bot: Bot) => Promise<void>,
): Promise<void> {
  const { values: configuration } = loadConfiguration({ DATA_DIR: directory }, environment, directory);
  const stop = new AbortController();
  const reportFault = (fault: unknown) => {
    throw fault;
  };
  const instructions = { source: 'built-in' } as const;
  await withBot({ configuration, instructions, stop: stop.signal, reportFault }, async ({ bot }) => {
    await work(bot);
    stop.abort();
  });
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
    voice: null,
  };
  return bot.run(incoming);
}

vi.setConfig({ testTimeout: 120_000 });

it('two places train and answer on two endpoints, and of the dead one the other hears nothing', async () => {
  const ends = { alive: await startStandIn(), dead: await startStandIn() };
  const { alive, dead } = ends;
  await inBot(temporaryDirectory(), settingsOf(ends), async (bot) => {
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

it('a job whose trainer is not set up any more is kept, and whoever waits for it is told', async () => {
  const ends = { alive: await startStandIn(), dead: await startStandIn() };
  const directory = temporaryDirectory();
  const held = ends.dead.faults.hold('GET /fine_tuning/jobs', { times: 100 });
  await inBot(directory, settingsOf(ends), async (bot) => {
    for (const line of ['!settings trainer=dead', ...LESSONS, '!retrain']) await says(bot, 'museum', line);
    await held.reached;
  });

  await inBot(directory, {}, async (bot) => {
    await bot.idle('museum');
    const job = await says(bot, 'museum', '!wait');
    expect(job.data).toMatchObject({ state: 'requested', trainer: 'dead' });
    expect(job.text).toMatch(/Nobody follows job [0-9a-f]{8}: its trainer dead is not set up any more;/);
    expect((await says(bot, 'museum', 'Who is it?')).text).toMatch(
      /The trainer dead, which was chosen here, is not set up any more; choose another with !settings trainer=… \(embedded\)/,
    );
  });

  held.release();
  ends.dead.faults.clear();
  await inBot(directory, settingsOf(ends), async (bot) => {
    await bot.idle('museum');
    expect((await says(bot, 'museum', '!job last')).data).toMatchObject({ state: 'succeeded' });
    expect(ends.dead.jobs.paid).toHaveLength(1);
  });
});
