import { describe, expect, it } from 'vitest';
import { button, idIn, RunningBot } from './running-bot.ts';

const secret = { channel: 'secret' };
const ELSEWHERE = '[written in another channel]';

/** A question and its correction in a channel of their own, and a dataset of it. */
async function taught() {
  const bot = await RunningBot.begin();
  const asked = await bot.does('ada', 'ask', { question: 'Where is the treasure?' }, secret);
  const answer = idIn(asked, 'answer');
  const corrected = await bot.does('ada', 'correct', { answer, text: 'Under the oak.' }, secret);
  const correction = idIn(corrected, 'correction');
  await bot.does('bob', 'feedback', { answer, text: 'oaks grow everywhere' }, secret);
  await bot.does('tess', 'review', { correction, decision: 'approve' }, secret);
  const dataset = idIn(await bot.does('tess', 'retrain'), 'dataset');
  return { bot, asked, answer, correction, dataset };
}

const texts = /treasure|oak/;

describe('what was written in another channel', () => {
  it('is left out of every history and dataset, while who did what and when stays', async () => {
    const { bot, answer, correction, dataset } = await taught();
    const later = idIn(await bot.does('tess', 'retrain', { format: 'dpo' }), 'dataset');
    for (const [command, options] of [
      ['history', { limit: '100' }],
      ['history', { id: 'ada', limit: '100' }],
      ['history', { id: answer }],
      ['history', { id: correction }],
      ['history', { id: dataset }],
      ['dataset', { dataset }],
      ['diff', { from: dataset, to: later }],
    ] as const) {
      const { text, data, ok } = await bot.does('bob', command, options);
      expect([ok, text]).toEqual([true, expect.stringContaining(ELSEWHERE)]);
      expect(JSON.stringify([text, data])).not.toMatch(texts);
    }
    const { text } = await bot.does('bob', 'history', { id: answer });
    expect(text).toContain('given by ada at');
    expect((await bot.does('bob', 'dataset', { dataset }, { locale: 'ru' })).text).toContain(
      '[написано в другом канале]',
    );
  });

  it('is shown to those who wrote it, in a reply that nobody else sees', async () => {
    const { bot, answer } = await taught();
    const told = async (isPrivate: boolean) =>
      (await bot.does('ada', 'history', { id: answer }, { isPrivate })).text;
    expect(await told(false)).not.toMatch(texts);
    expect(await told(true)).toContain('“Under the oak.”');
    expect(await told(true)).not.toContain('oaks grow everywhere');
  });

  it('is shown there, to trainers, and where all who see the reply may read the channel', async () => {
    const { bot, answer, dataset } = await taught();
    const mayRead = async (channel: string) => channel === 'secret';
    for (const [who, around] of [
      ['bob', secret],
      ['tess', {}],
      ['bob', { mayRead }],
    ] as const) {
      expect((await bot.does(who, 'history', { id: answer }, around)).text).toMatch(texts);
      expect((await bot.does(who, 'dataset', { dataset }, around)).text).toMatch(texts);
      expect((await bot.does(who, 'dataset', { dataset }, around)).data.lines).toMatchObject([
        { example: { messages: [{ content: 'Where is the treasure?' }, { content: 'Under the oak.' }] } },
      ]);
    }
  });

  it('does not fill the form of a correction', async () => {
    const { bot, asked } = await taught();
    const opened = await bot.opens('bob', button(asked, '✏️'));
    expect(opened).toMatchObject({
      reply: { ok: false, text: expect.stringContaining('given in a channel that you do not see') },
    });
    expect(await bot.opens('bob', button(asked, '✏️'), secret)).toHaveProperty('form');
  });
});
