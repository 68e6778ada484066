import { describe, expect, it } from 'vitest';
import { button, idIn, type Person, RunningBot } from './running-bot.ts';

/** Corrections by members of the questions of ada, in their order. */
async function waiting(bot: RunningBot, ...given: readonly (readonly [string, Person, string])[]) {
  const answers = new Map<string, string>();
  const corrections: string[] = [];
  for (const [question, who, text] of given) {
    const answer = answers.get(question) ?? idIn(await bot.does('ada', 'ask', { question }), 'answer');
    answers.set(question, answer);
    corrections.push(idIn(await bot.does(who, 'correct', { answer, text }), 'correction'));
  }
  return { answers, corrections };
}

async function trainedOn(bot: RunningBot): Promise<unknown> {
  const { data } = await bot.does('tess', 'retrain', { dry_run: 'true' });
  return { examples: data.examples, leftOut: data.leftOut };
}

describe('corrections', () => {
  it.each<[string, Person, boolean]>([
    ['a member', 'bob', true],
    ['a trainer', 'tess', false],
    ['whoever runs the place', 'max', false],
  ])('of %s wait for a trainer or not', async (_, who, waits) => {
    const bot = await RunningBot.begin();
    await waiting(bot, ['When?', who, 'At nine.']);
    expect((await bot.does('tess', 'review')).data).toMatchObject({ waiting: waits ? 1 : 0 });
    expect(await trainedOn(bot)).toEqual(
      waits
        ? { examples: 0, leftOut: [{ reason: 'awaiting_review', count: 1 }] }
        : { examples: 1, leftOut: [] },
    );
  });

  it('wait for nobody where the place has it so', async () => {
    const bot = await RunningBot.begin();
    await bot.does('max', 'settings', { review: 'off' });
    await waiting(bot, ['When?', 'bob', 'At nine.']);
    expect(await trainedOn(bot)).toEqual({ examples: 1, leftOut: [] });
  });
});

describe('the queue', () => {
  it('shows the oldest first, those of one answer together, and what counts now', async () => {
    const bot = await RunningBot.begin();
    const { corrections } = await waiting(
      bot,
      ['When?', 'bob', 'At nine.'],
      ['Where?', 'bob', 'Here.'],
      ['When?', 'ada', 'At ten.'],
      ['When?', 'tess', 'At eight.'],
    );
    const { text, data, isPrivate, actions } = await bot.does('tess', 'review');
    const [first, second, third, standing] = corrections;
    expect(isPrivate).toBe(true);
    expect(data).toMatchObject({
      waiting: 3,
      after: null,
      answers: [
        {
          prompt: 'When?',
          disagree: true,
          standing: { correction: standing, text: 'At eight.' },
          corrections: [
            { correction: first, member: 'bob' },
            { correction: third, member: 'ada' },
          ],
        },
        { prompt: 'Where?', disagree: false, standing: null, corrections: [{ correction: second }] },
      ],
    });
    expect(text).toMatch(/^3 corrections wait for review, the oldest first:\nAnswer .* to “When\?”/);
    expect(text).toContain('counts now: “At eight.”');
    expect(text).toContain('These 2 disagree');
    expect(actions.map(({ kind }) => kind)).toEqual(Array(3).fill(['run', 'form', 'run']).flat());
  });

  it('is turned page by page to its end and back', async () => {
    const bot = await RunningBot.begin();
    const questions = ['1?', '2?', '3?', '4?', '5?'];
    await waiting(bot, ...questions.map((question) => [question, 'bob', 'Yes.'] as const));
    const prompts = (data: unknown) => JSON.stringify(data).match(/\d\?/g);

    const first = await bot.does('tess', 'review', { limit: '2' });
    expect(prompts(first.data)).toEqual(['1?', '2?']);
    const second = await bot.presses('tess', button(first, 'Next'));
    expect(prompts(second.data)).toEqual(['3?', '4?']);
    const third = await bot.presses('tess', button(second, 'Next'));
    expect(prompts(third.data)).toEqual(['5?']);
    expect(button(third, 'Next')).toBeUndefined();
    expect(prompts((await bot.presses('tess', button(third, 'Back to the first'))).data)).toEqual([
      '1?',
      '2?',
    ]);

    await bot.presses('tess', button(third, /^Approve/));
    expect((await bot.presses('tess', button(second, 'Next'))).text).toMatch(/^No further correction/);
  });

  it('has buttons for as many as there is room for, and says of one answer how many more there are', async () => {
    const bot = await RunningBot.begin();
    const texts = Array.from({ length: 9 }, (_, index) => `At ${index}.`);
    await waiting(bot, ...texts.map((text) => ['When?', 'bob', text] as const), ['Where?', 'ada', 'Here.']);
    const { actions, text } = await bot.does('tess', 'review');
    expect(text).toContain('… and 4 more of this answer');
    expect(actions.length).toBeLessThanOrEqual(25);
    expect(text.match(/ by ada at /g)).toHaveLength(1);
  });

  it('is empty where nothing waits', async () => {
    const bot = await RunningBot.begin();
    expect((await bot.does('tess', 'review')).text).toBe('No correction is waiting for review.');
  });
});

describe('a trainer', () => {
  it('approves a correction as it was given', async () => {
    const bot = await RunningBot.begin();
    await waiting(bot, ['When?', 'bob', 'At nine.']);
    const queue = await bot.does('tess', 'review');
    const approved = await bot.presses('tess', button(queue, /^Approve/));
    expect(approved.text).toMatch(/^Correction \S+ of answer \S+ is approved; \/retrain teaches/);
    expect(approved.data).toMatchObject({ decision: 'approve', text: null, question: null });
    expect(await trainedOn(bot)).toEqual({ examples: 1, leftOut: [] });
  });

  it('edits it in a form that is filled in, and both are named with the example', async () => {
    const bot = await RunningBot.begin();
    await waiting(bot, ['When?', 'bob', 'at nine']);
    const queue = await bot.does('tess', 'review');
    const opened = await bot.opens('tess', button(queue, /^Edit/));
    if ('reply' in opened) throw new Error(opened.reply.text);
    expect(opened.form.fields.map(({ option, value }) => [option, value])).toEqual([
      ['question', 'When?'],
      ['text', 'at nine'],
    ]);
    const { command, options } = opened.form.request;
    const asFilled = { question: 'When?\n', text: 'At nine.' };
    const approved = await bot.does('tess', command, { ...options, ...asFilled });
    expect(approved.text).toContain('is approved as you edited it');
    expect(approved.data).toMatchObject({ text: 'At nine.', question: null });

    await bot.does('tess', 'retrain');
    const dataset = await bot.does('tess', 'dataset', { dataset: 'last' });
    expect(dataset.data).toMatchObject({
      lines: [
        {
          example: { messages: [{ content: 'When?' }, { content: 'At nine.' }] },
          source: { members: ['ada', 'bob', 'tess'] },
        },
      ],
    });
    const chain = await bot.does('ada', 'history', { id: 'last' });
    expect(chain.text).toMatch(
      /→ correction \S+ of answer \S+: “At nine\.”, edited by tess, given by bob at /,
    );
  });

  it('gives it a question of its own, and later questions see it as edited', async () => {
    const bot = await RunningBot.begin();
    const { corrections } = await waiting(bot, ['When?', 'bob', 'at nine']);
    const [correction = ''] = corrections;
    const edit = { question: 'When do you open?', text: 'At nine.' };
    await bot.does('tess', 'review', { correction, decision: 'approve', ...edit });
    await bot.does('ada', 'ask', { question: 'And then?' });
    const asked = (await bot.events()).findLast(({ type }) => type === 'PredictionMade');
    expect(JSON.stringify(asked?.data)).toContain('At nine.');
    expect(JSON.stringify(asked?.data)).not.toContain('at nine');
  });

  it('rejects it with a reason, and it goes into no dataset', async () => {
    const bot = await RunningBot.begin();
    const { corrections } = await waiting(bot, ['When?', 'bob', 'Never.']);
    const [correction = ''] = corrections;
    const rejected = await bot.does('tess', 'review', { correction, decision: 'reject', reason: 'rude' });
    expect(rejected.data).toMatchObject({ correction, decision: 'reject', reason: 'rude' });
    expect(await trainedOn(bot)).toEqual({ examples: 0, leftOut: [{ reason: 'rejected', count: 1 }] });
  });

  it('is told in one sentence where somebody was faster', async () => {
    const bot = await RunningBot.begin();
    await waiting(bot, ['When?', 'bob', 'At nine.']);
    const queue = await bot.does('tess', 'review');
    const outcomes = await Promise.all([
      bot.presses('tess', button(queue, /^Approve/)),
      bot.presses('max', button(queue, /^Reject/)),
    ]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    const late = await bot.presses('max', button(queue, /^Approve/));
    expect(late.text).toMatch(
      /^Correction \S+ (already counts|has already been rejected), so there is nothing left to decide\.$/,
    );
    const opened = await bot.opens('max', button(queue, /^Edit/));
    expect(opened).toMatchObject({ reply: { ok: false, text: late.text } });
  });

  it('decides once where the same click arrives twice', async () => {
    const bot = await RunningBot.begin();
    await waiting(bot, ['When?', 'bob', 'At nine.']);
    const queue = await bot.does('tess', 'review');
    const first = await bot.presses('tess', button(queue, /^Approve/), { id: 'click' });
    expect(await bot.presses('tess', button(queue, /^Approve/), { id: 'click' })).toEqual(first);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['a decision without a correction', { decision: 'approve' }, /^Say which correction with correction=ID/],
    ['a correction without a decision', { correction: 'last' }, /^Say which correction with correction=ID/],
    [
      'a text for what is rejected',
      { correction: 'last', decision: 'reject', text: 'x' },
      /cannot be edited/,
    ],
    [
      'a reason to approve',
      { correction: 'last', decision: 'approve', reason: 'x' },
      /belongs to a rejection/,
    ],
    ['a page of a decision', { correction: 'last', decision: 'approve', limit: '2' }, /belong to the list/],
    ['another decision', { correction: 'last', decision: 'maybe' }, /it must be approve or reject/],
  ])('is refused %s', async (_, options, sentence) => {
    const bot = await RunningBot.begin();
    await waiting(bot, ['When?', 'bob', 'At nine.']);
    const reply = await bot.does('tess', 'review', options);
    expect(reply.ok).toBe(false);
    expect(reply.text).toMatch(sentence);
  });
});

it('nobody else sees the queue or decides, also with a button of before', async () => {
  const bot = await RunningBot.begin();
  await waiting(bot, ['When?', 'bob', 'At nine.']);
  const queue = await bot.does('tess', 'review');
  await bot.does('max', 'settings', { trainers: 'none' });
  for (const who of ['bob', 'ada', 'tess'] as const) {
    for (const action of queue.actions) {
      const reply = await bot.presses(who, action);
      expect([reply.ok, reply.text]).toEqual([false, '/review is for trainers; ask one of them.']);
    }
    expect(await bot.suggests(who, 'review', 'correction')).toEqual([]);
  }
  expect((await bot.events()).some(({ type }) => type === 'CorrectionApproved')).toBe(false);
});
