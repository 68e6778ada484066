import { describe, expect, it } from 'vitest';
import { customIdOf } from '../../src/adapters/discord/rendering/custom-id.ts';
import type { ChatModel } from '../../src/domain/ports.ts';
import type { Reply } from '../../src/domain/surface.ts';
import { temporaryVault } from '../adapters/models/embedded/teaching.ts';
import { doors, trainingOn } from '../adapters/models/openai/training.ts';
import { startStandIn } from '../stand-ins/openai/started.ts';
import { button, idIn, RunningBot } from './running-bot.ts';

const lessons = JSON.stringify(doors(20));
const silent: ChatModel = {
  answer: async () => ({ text: 'Yes', abstained: false, learnedFrom: null, tokens: null }),
};

/** A bot with two servers that train for money, each for so much for a million tokens. */
async function begin() {
  const { vault } = await temporaryVault();
  const place = async (name: string, price: number) => {
    const openai = await startStandIn();
    const prices: { gpt: { training: number } } = { gpt: { training: price } };
    const { trainer } = await trainingOn(openai, { vault, name, prices });
    return { openai, prices, provider: { trainer, chatModel: silent } };
  };
  const [cheap, dear] = [await place('cheap', 1), await place('dear', 1_000)];
  const bot = await RunningBot.begin({ vault, providers: [cheap.provider, dear.provider] });
  return { bot, cheap, dear };
}

function confirmation({ text }: Reply): string {
  const shown = /[!/](train [0-9a-f]{8} confirm=\S+(?: hyperparameters="[^"]*")?) starts it\./.exec(
    text,
  )?.[1];
  return shown === undefined ? text : `!${shown}`;
}

describe('a training that costs something', () => {
  it('is what was shown, once, however often it is confirmed', async () => {
    const { bot, cheap } = await begin();
    const shown = await bot.does('tess', 'train', { data: lessons, epochs: '2' });
    const press = button(shown, 'Train');
    expect(press && customIdOf(press)).not.toBeNull();
    expect(cheap.openai.jobs.paid).toHaveLength(0);

    const started = await bot.presses('tess', press);
    expect([started.ok, started.text]).toEqual([
      true,
      expect.stringMatching(/^Job \w+ trains on 20 examples/),
    ]);
    await bot.bot.idle('guild');
    for (const again of [await bot.presses('tess', press), await bot.says('tess', confirmation(shown))]) {
      expect(again.text).toMatch(
        /^That was confirmed before, as job \w+, so nothing was started; !train \w+ shows/,
      );
      expect(idIn(again, 'job')).toBe(idIn(started, 'job'));
    }
    await bot.bot.idle('guild');
    expect(cheap.openai.jobs.paid).toHaveLength(1);

    const anew = await bot.does('tess', 'train', { dataset: idIn(shown, 'dataset'), epochs: '2' });
    expect((await bot.says('tess', confirmation(anew))).text).toMatch(/^Job \w+ trains on /);
    await bot.bot.idle('guild');
    expect(cheap.openai.jobs.paid).toHaveLength(2);
  });

  it('is shown again where another trainer, another price or other examples stand behind the confirmation', async () => {
    const { bot, cheap, dear } = await begin();
    const shown = await bot.does('tess', 'train', { data: lessons });
    const press = button(shown, 'Train');
    await bot.does('max', 'settings', { trainer: 'dear' });
    const other = await bot.presses('tess', press);
    expect(other.text).toMatch(/^The trainer dear would train .*\nNothing has been started; /);
    expect(other.data.estimate).not.toEqual(shown.data.estimate);

    await bot.does('max', 'settings', { trainer: 'usual' });
    cheap.prices.gpt.training = 2;
    expect((await bot.presses('tess', press)).text).toMatch(/^The trainer cheap would train .*\nNothing has/);
    cheap.prices.gpt.training = 1;
    const changed = confirmation(shown).replace('confirm=', 'epochs=9 confirm=');
    expect((await bot.says('tess', changed)).text).toMatch(
      /^The trainer cheap .* in 9 epochs.*\nNothing has/,
    );
    expect([...cheap.openai.jobs.paid, ...dear.openai.jobs.paid]).toEqual([]);

    const strange = await bot.says('tess', '!train last confirm=perhaps');
    expect([strange.ok, strange.text]).toEqual([false, expect.stringContaining('true or false')]);
    expect((await bot.presses('tess', press)).text).toMatch(/^Job \w+ trains on /);
  });

  it('is paused and goes on, where the server has that', async () => {
    const { bot, cheap } = await begin();
    const held = cheap.openai.faults.hold('GET /fine_tuning/jobs/:id');
    const started = await bot.does('tess', 'train', { data: lessons, confirm: 'yes' });
    await held.reached;
    const job = idIn(started, 'job');
    const before = (await bot.events()).length;
    const paused = await bot.says('tess', '!pause last');
    expect(paused).toMatchObject({ ok: true, data: { job } });
    expect(paused.text).toBe(`Job ${job.slice(0, 8)} is paused; !resume lets it go on.`);
    expect(cheap.openai.jobs.only.object.status).toBe('paused');
    const resumed = await bot.says('tess', '!resume last');
    expect(resumed).toMatchObject({ ok: true, text: `Job ${job.slice(0, 8)} goes on.`, data: { job } });
    // The server's job is turned, and nothing of that is recorded here.
    expect((await bot.events()).length).toBe(before);
    held.release();
    await bot.bot.idle('guild');
    expect((await bot.says('tess', '!pause last')).text).toBe(
      `The job ${job.slice(0, 8)} has already succeeded.`,
    );
  });
});
