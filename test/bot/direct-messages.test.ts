import { describe, expect, it } from 'vitest';
import type { Trainer } from '../../src/domain/ports.ts';
import { button, idIn, RunningBot } from './running-bot.ts';

const direct = { scope: 'dm-1', channel: '1' };

/** One that goes on until it is stopped. */
const endless: Trainer = {
  name: 'endless',
  baseModel: 'base',
  formats: ['sft'],
  train: async function* (_, signal) {
    yield { kind: 'started', reference: null };
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  },
};

/** Max has corrected an answer in his direct messages. */
async function corrected(trainer: Trainer) {
  const bot = await RunningBot.begin({ trainer, chatModel: { answer: async () => answered } });
  const answer = idIn(await bot.does('max', 'ask', { question: 'When?' }, direct), 'answer');
  await bot.does('max', 'correct', { answer, text: 'At nine.' }, direct);
  return bot;
}

const answered = { text: 'Who knows.', abstained: false, learnedFrom: null, tokens: null };

describe('in direct messages', () => {
  it('nobody trains or tests at the expense of whoever runs the bot', async () => {
    const bot = await corrected(endless);
    for (const [command, options] of [
      ['retrain', {}],
      ['train', { data: '[{"prompt":"a","completion":"b"}]' }],
      ['test', { cases: '[{"prompt":"a"}]' }],
      ['evaluate', {}],
      ['settings', { trainer: 'endless' }],
    ] as const) {
      expect([command, (await bot.does('max', command, options, direct)).text]).toEqual([
        command,
        'The trainer endless works at the expense of whoever runs me, so it is for servers and not for direct messages.',
      ]);
      const { text } = await bot.does('max', command, options);
      expect(text).not.toContain('at the expense');
    }
    const jobs = (await bot.events()).filter(({ type }) => type === 'TrainingRequested');
    expect(jobs.map(({ metadata }) => metadata.scope)).toEqual(['guild']);
  });

  it('nobody records what Discord has permitted', async () => {
    const bot = await corrected(endless);
    const reply = await bot.does('max', 'policy', { permission: 'Ticket 7' }, direct);
    expect([reply.ok, reply.text]).toEqual([
      false,
      'What Discord has permitted is recorded where the bot serves a server, not in direct messages; ask a trainer there.',
    ]);
    expect((await bot.events()).map(({ type }) => type)).not.toContain('PolicyRecorded');
    expect((await bot.does('max', 'policy', {}, direct)).ok).toBe(true);
  });

  it('one training goes on at a time, and the same command again is still that one', async () => {
    const bot = await corrected({ ...endless, isFree: true });
    const first = await bot.does('max', 'retrain', {}, { ...direct, id: 'once' });
    expect(first.text).toMatch(/^Job \w+ trains on 1 example/);
    const second = await bot.does('max', 'retrain', {}, direct);
    expect([second.ok, second.text]).toEqual([
      false,
      'In direct messages one training goes on at a time; ask again when yours has ended, or /cancel it.',
    ]);
    expect((await bot.does('max', 'retrain', {}, { ...direct, id: 'once' })).text).toBe(first.text);
    await bot.does('max', 'cancel', { job: 'last' }, direct);
    expect((await bot.does('max', 'retrain', {}, direct)).ok).toBe(true);
  });
});

describe('a correction that came as a message', () => {
  it('is said to be in no dataset, and how it gets into one', async () => {
    const bot = await RunningBot.begin();
    const asked = await bot.says('ada', 'When?');
    const hint = '✏️ under the answer hands in question and better answer on purpose';
    expect((await bot.says('ada', '!correct last At nine.')).text).toContain(hint);
    const { request } = button(asked, '✏️') ?? { request: { options: {} } };
    const whole = { ...request.options, question: 'When?', text: 'At nine.' };
    expect((await bot.does('ada', 'correct', whole)).text).not.toContain(hint);
    await bot.does('tess', 'policy', { permission: 'ticket 5' });
    expect((await bot.says('ada', '!correct last At ten.')).text).not.toContain(hint);
  });
});
