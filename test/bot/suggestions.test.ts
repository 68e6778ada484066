import { describe, expect, it } from 'vitest';
import type { Suggestion } from '../../src/domain/surface.ts';
import { idIn, type Person, RunningBot } from './running-bot.ts';

const labels = (suggestions: readonly Suggestion[]) => suggestions.map(({ label }) => label);

async function asked(bot: RunningBot, ...questions: string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const question of questions) answers.push(idIn(await bot.does('ada', 'ask', { question }), 'answer'));
  return answers;
}

describe('while somebody types the answer that is meant', () => {
  it('the newest are offered with their questions, the newest first', async () => {
    const bot = await RunningBot.begin();
    const [first = '', second = ''] = await asked(bot, 'When do you open?', 'Where\n are you?');
    expect(await bot.suggests('bob', 'correct', 'answer')).toEqual([
      { label: `${second.slice(0, 8)} Where are you?`, value: second },
      { label: `${first.slice(0, 8)} When do you open?`, value: first },
    ]);
  });

  it.each<[string, string, number[]]>([
    ['the beginning of its id', 'ID', [1]],
    ['a word of the question', 'OPEN', [0]],
    ['words in any order', 'you when', [0]],
    ['what is in both', 'you', [1, 0]],
    ['what is in none', 'zebra', []],
    ['what would match anything in a query', '%', []],
  ])('those are offered that fit %s', async (_, typed, expected) => {
    const bot = await RunningBot.begin();
    const answers = await asked(bot, 'When do you open?', 'Where are you?');
    const sought = typed === 'ID' ? (answers[1] ?? '').slice(0, 6).toUpperCase() : typed;
    const offered = await bot.suggests('bob', 'correct', 'answer', sought);
    expect(offered.map(({ value }) => answers.indexOf(value))).toEqual(expected);
  });

  it('at most 25 are offered in labels of at most 100 characters, none cut within one', async () => {
    const bot = await RunningBot.begin();
    const family = '👩‍👩‍👧‍👦';
    await asked(bot, ...Array.from({ length: 27 }, (_, index) => `${index} ${family.repeat(30)}`));
    const offered = await bot.suggests('bob', 'correct', 'answer');
    expect(offered).toHaveLength(25);
    for (const { label, value } of offered) {
      expect(label.length).toBeLessThanOrEqual(100);
      expect(value).toMatch(/^[0-9a-f-]{36}$/);
      expect(label).toMatch(new RegExp(`^${value.slice(0, 8)} \\d+ (${family})+…$`, 'u'));
    }
  });

  it('those of other channels are offered to trainers only', async () => {
    const bot = await RunningBot.begin();
    const [answer = ''] = await asked(bot, 'A secret?');
    const elsewhere = { channel: 'lounge' };
    const offered = (who: Person, typed: string) => bot.suggests(who, 'history', 'id', typed, elsewhere);
    for (const typed of ['', 'secret', answer.slice(0, 8), answer]) {
      expect(await offered('bob', typed)).toEqual([]);
      expect(await offered('tess', typed)).toHaveLength(1);
    }
  });

  it('to take a correction back, only those are offered that one has corrected', async () => {
    const bot = await RunningBot.begin();
    const [first = '', second = '', third = ''] = await asked(bot, '1?', '2?', '3?');
    for (const answer of [first, third]) await bot.does('bob', 'correct', { answer, text: 'Yes.' });
    await bot.does('ada', 'correct', { answer: second, text: 'Yes.' });
    await bot.does('bob', 'withdraw', { answer: third });
    expect(await bot.suggests('bob', 'withdraw', 'answer')).toEqual([
      { label: `${first.slice(0, 8)} 1?`, value: first },
    ]);
    expect(await bot.suggests('bob', 'withdraw', 'answer', second)).toEqual([]);
  });
});

describe('other options', () => {
  it('offer jobs, datasets, models and events, also by an id that has grown old', async () => {
    const bot = await RunningBot.begin();
    const [answer = ''] = await asked(bot, 'When?');
    const correction = idIn(await bot.does('tess', 'correct', { answer, text: 'At nine.' }), 'correction');
    const trained = await bot.does('tess', 'retrain');
    await bot.bot.idle('guild');
    const [job, dataset] = [idIn(trained, 'job'), idIn(trained, 'dataset')];
    const offered = async (command: string, option: string, typed = '') =>
      (await bot.suggests('tess', command, option, typed)).map(({ value }) => value);
    expect(await offered('job', 'job')).toEqual([job]);
    expect(await offered('dataset', 'dataset', dataset.slice(0, 8))).toEqual([dataset]);
    expect(await offered('diff', 'to', 'sft')).toEqual([dataset]);
    const [model = ''] = await offered('promote', 'model');
    expect(model).toMatch(/^embedded-[0-9a-f]{64}$/);
    expect(await offered('promote', 'model', 'embedded-')).toEqual([model]);
    expect((await offered('history', 'before')).length).toBeGreaterThan(5);
    expect(await offered('history', 'before', 'CorrectionGiven')).toHaveLength(1);
    expect(labels(await bot.suggests('tess', 'job', 'job'))[0]).toContain('succeeded');
    expect(await offered('review', 'correction')).toEqual([]);
    await bot.does('bob', 'correct', { answer, text: 'At ten.' });
    expect(await offered('review', 'correction', 'ten')).toHaveLength(1);
    expect(await offered('review', 'correction', correction)).toEqual([]);
  });

  it('offer the names of commands to be explained, in the language of whoever asks', async () => {
    const bot = await RunningBot.begin();
    const english = await bot.suggests('ada', 'help', 'command', 'corr');
    expect(english[0]).toMatchObject({ value: 'correct', label: expect.stringMatching(/^correct: /) });
    const russian = await bot.suggests('ada', 'help', 'command', 'испр', { locale: 'ru' });
    expect(russian[0]?.value).toBe('исправить');
    expect((await bot.does('ada', 'help', { command: 'исправить' })).ok).toBe(true);
    expect(labels(await bot.suggests('ada', 'help', 'command', 'wait: '))).toEqual([]);
  });

  it('offer the choices there are', async () => {
    const bot = await RunningBot.begin();
    const values = async (command: string, option: string, typed: string, locale: string | null = null) =>
      (await bot.suggests('max', command, option, typed, { locale })).map(({ value }) => value);
    expect(await values('privacy', 'action', '')).toEqual(['show', 'consent', 'withdraw', 'export']);
    expect(await values('privacy', 'action', 'согл', 'ru')).toEqual(['consent']);
    expect(await values('retrain', 'dry_run', 't')).toEqual(['true']);
  });

  it.each([
    ['an option that is not there', 'correct', 'nothing'],
    ['a command that is not there', 'invent', 'answer'],
    ['free text', 'correct', 'text'],
  ])('offer nothing for %s', async (_, command, option) => {
    const bot = await RunningBot.begin();
    await asked(bot, 'When?');
    expect(await bot.suggests('max', command, option)).toEqual([]);
  });

  it('offer nothing to whoever may not use the command', async () => {
    const bot = await RunningBot.begin();
    const [answer = ''] = await asked(bot, 'When?');
    await bot.does('tess', 'correct', { answer, text: 'At nine.' });
    await bot.does('tess', 'retrain');
    expect(await bot.suggests('bob', 'train', 'dataset')).toEqual([]);
    expect(await bot.suggests('tess', 'train', 'dataset')).toHaveLength(1);
    expect(await bot.suggests('tess', 'settings', 'review')).toEqual([]);
  });
});
