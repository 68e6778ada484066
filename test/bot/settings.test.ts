import { describe, expect, it } from 'vitest';
import { type Person, RunningBot, TRAINERS } from './running-bot.ts';

describe('the settings of a place', () => {
  it('are shown to whoever runs it, and change one by one', async () => {
    const bot = await RunningBot.begin({ trainers: false });
    const usual = {
      trainerRoles: [],
      answerChannels: [],
      review: 'untrusted',
      locale: null,
      gate: 'off',
      trainer: null,
    };
    expect((await bot.does('max', 'settings')).data).toEqual({ ...usual, trainers: ['embedded'] });

    const changed = await bot.does('max', 'settings', { channels: '<#12>, <#34> <#12>' });
    expect(changed.data).toMatchObject({ ...usual, answerChannels: ['12', '34'] });
    expect(changed.text).toContain('Every message is a question in <#12> and <#34>;');
    await bot.does('max', 'settings', { trainers: '<@&5>', review: 'off', gate: 'evaluation' });
    expect((await bot.does('max', 'settings', { channels: 'none' })).data).toMatchObject({
      ...usual,
      trainerRoles: ['5'],
      review: 'off',
      gate: 'evaluation',
    });
    expect(await bot.bot.settingsOf('guild')).toMatchObject({ trainerRoles: ['5'], review: 'off' });
    expect(await bot.bot.settingsOf('elsewhere')).toEqual(usual);
  });

  it('are recorded only where they change', async () => {
    const bot = await RunningBot.begin({ trainers: false });
    const again = await bot.does('max', 'settings', { review: 'untrusted', language: 'place' });
    expect(again.text).toMatch(/^The settings were already so; nothing was recorded\.\n/);
    expect(await bot.events()).toEqual([]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['no ids', { trainers: ', ,' }, /^The option trainers is wrong: it must be ids with commas/],
    ['what is no id', { channels: '#general' }, /^The option channels is wrong: it must be ids/],
    ['far too many', { trainers: Array.from({ length: 51 }, (_, id) => id).join() }, /at most 50/],
    ['another review', { review: 'sometimes' }, /it must be untrusted or off/],
    ['another language', { language: 'de' }, /it must be en, ru or place/],
    ['another gate', { gate: 'high' }, /it must be off or evaluation/],
  ])('are not %s', async (_, options, sentence) => {
    const bot = await RunningBot.begin({ trainers: false });
    const reply = await bot.does('max', 'settings', options);
    expect([reply.ok, reply.isPrivate]).toEqual([false, true]);
    expect(reply.text).toMatch(sentence);
  });

  it('say who is a trainer, from then on and no longer than that', async () => {
    const bot = await RunningBot.begin({ trainers: false });
    const mayReview = async (who: Person) => (await bot.does(who, 'review')).ok;
    expect([await mayReview('tess'), await mayReview('max')]).toEqual([false, true]);
    await bot.does('max', 'settings', { trainers: TRAINERS });
    expect([await mayReview('tess'), await mayReview('bob')]).toEqual([true, false]);
    await bot.does('max', 'settings', { trainers: 'none' });
    expect(await mayReview('tess')).toBe(false);
  });

  it('say which language a text in a channel is answered in', async () => {
    const bot = await RunningBot.begin({ trainers: false });
    await bot.does('max', 'settings', { language: 'ru' });
    expect((await bot.says('ada', '!hi', { placeLocale: 'en-GB' })).text).toMatch(/\p{Script=Cyrillic}/u);
    expect((await bot.does('ada', 'hi', {}, { locale: 'en-GB' })).text).toMatch(/^Hello/);
  });

  it.each<Person>(['ada', 'tess'])('are not for %s, who does not run the place', async (who) => {
    const bot = await RunningBot.begin();
    const reply = await bot.does(who, 'settings', { trainers: 'role-others' });
    expect([reply.ok, reply.text]).toEqual([
      false,
      '/settings is for those who manage this place; ask one of them.',
    ]);
  });

  it('keep what two people change at the same time', async () => {
    const bot = await RunningBot.begin({ trainers: false });
    await Promise.all([
      bot.does('max', 'settings', { review: 'off' }),
      bot.does('max', 'settings', { language: 'ru' }),
      bot.does('max', 'settings', { channels: '7' }),
    ]);
    expect(await bot.bot.settingsOf('guild')).toEqual({
      trainerRoles: [],
      answerChannels: ['7'],
      review: 'off',
      locale: 'ru',
      gate: 'off',
      trainer: null,
    });
  });
});
