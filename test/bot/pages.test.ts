import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/domain/surface.ts';
import { button, idIn, RunningBot } from './running-bot.ts';

/** The ids that the entries of a list have, page by page to its end. */
async function pages(bot: RunningBot, first: Reply, list: string, id: string): Promise<unknown[][]> {
  const found: unknown[][] = [];
  for (let page: Reply | undefined = first; page !== undefined; ) {
    const entries = page.data[list];
    if (!Array.isArray(entries)) throw new Error(`no ${list} in: ${page.text}`);
    found.push(entries.map((entry) => entry[id]));
    const older = button(page, 'Older');
    expect(button(page, 'Newest') === undefined).toBe(found.length === 1);
    expect(page.data.before === null).toBe(older === undefined);
    page = older === undefined ? undefined : await bot.presses('ada', older);
  }
  return found;
}

describe('a list that is longer than a page', () => {
  it('is turned to its end and back, each entry shown once: events, jobs, models, datasets', async () => {
    const bot = await RunningBot.begin();
    for (const question of ['1?', '2?', '3?']) {
      const answer = idIn(await bot.does('ada', 'ask', { question }), 'answer');
      await bot.does('tess', 'correct', { answer, text: 'Yes.' });
      await bot.does('tess', 'retrain');
      await bot.bot.idle('guild');
    }
    const lists = [
      ['jobs', 'job', 3],
      ['models', 'model', 3],
      ['datasets', 'dataset', 3],
    ] as const;
    for (const [list, id, count] of lists) {
      const found = await pages(bot, await bot.does('ada', list, { limit: '2' }), list, id);
      expect([list, found.map((page) => page.length)]).toEqual([list, [2, 1]]);
      expect(new Set(found.flat()).size).toBe(count);
    }
    const events = (await bot.events()).map((event) => event.id).reverse();
    const history = await pages(bot, await bot.does('ada', 'history', { limit: '7' }), 'events', 'event');
    expect(history.flat()).toEqual(events);
    const adas = await bot.does('ada', 'history', { id: 'ada', limit: '2' });
    expect((await pages(bot, adas, 'events', 'event')).map((page) => page.length)).toEqual([2, 1]);

    const second = await bot.presses('ada', button(await bot.does('ada', 'jobs', { limit: '2' }), 'Older'));
    expect((await bot.presses('ada', button(second, 'Newest'))).data).toMatchObject({ jobs: [{}, {}] });

    const lines = await bot.does('ada', 'dataset', { dataset: 'last', limit: '2' });
    const rest = await bot.presses('ada', button(lines, 'Next'));
    expect(rest.data.lines).toMatchObject([{ line: 3 }]);
    expect(button(rest, 'Next')).toBeUndefined();
    expect((await bot.presses('ada', button(rest, 'Back to the first'))).data.lines).toMatchObject([
      { line: 1 },
      { line: 2 },
    ]);
  });

  it('has no buttons where it fits on one', async () => {
    const bot = await RunningBot.begin();
    for (const list of ['jobs', 'models', 'datasets', 'history'])
      expect([list, (await bot.does('ada', list)).actions]).toEqual([list, []]);
  });
});
