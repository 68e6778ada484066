import { describe, expect, it } from 'vitest';
import { button, file, idIn, RunningBot } from './running-bot.ts';

describe('under an answer', () => {
  it('stand buttons to rate it, which change the rating and count once', async () => {
    const bot = await RunningBot.begin();
    const answer = await bot.says('ada', 'When do you open?');
    expect(answer.actions.map(({ emoji, kind }) => `${emoji} ${kind}`)).toEqual([
      '👍 run',
      '👎 run',
      '✏️ form',
    ]);

    await bot.presses('bob', button(answer, '👍'));
    const again = await bot.presses('bob', button(answer, '👍'));
    const other = await bot.presses('bob', button(answer, '👎'));
    expect(again.text).toMatch(/thumbs up on answer .* was already recorded/);
    expect(other.text).toMatch(/thumbs down on answer .* is recorded/);
    const rated = (await bot.events()).filter(({ type }) => type === 'FeedbackGiven');
    expect(rated.map(({ metadata, data }) => [metadata.actor, 'rating' in data && data.rating])).toEqual([
      ['bob', 'up'],
      ['bob', 'down'],
    ]);
  });

  it('stands one that opens a form with the question and the reply filled in', async () => {
    const bot = await RunningBot.begin();
    const answer = await bot.says('ada', 'When do you open?');
    const opened = await bot.opens('bob', button(answer, '✏️'), { locale: 'ru' });
    expect(opened).toEqual({
      form: {
        title: 'Исправить этот ответ',
        fields: [
          { option: 'question', label: 'Вопрос', value: 'When do you open?', required: true },
          { option: 'text', label: 'Правильный ответ', value: answer.data.response, required: true },
        ],
        request: { command: 'correct', options: { answer: idIn(answer, 'answer') } },
      },
    });
  });

  it('nothing stands where the question got no answer, and no form opens', async () => {
    const bot = await RunningBot.begin();
    const opened = await bot.bot.form({
      id: 'x',
      input: { kind: 'command', name: 'correct', options: { answer: 'ffffffff' } },
      actor: { id: 'ada', manager: false, roles: [] },
      scope: 'guild',
      channel: 'general',
      origin: 'interaction',
      surface: 'discord',
      locale: null,
      attachments: [],
      voice: null,
    });
    expect(opened).toMatchObject({ reply: { ok: false, isPrivate: true } });
  });
});

describe('what a member submits with the form', () => {
  it('is a whole example, however the question came, and nothing else of the message is', async () => {
    const bot = await RunningBot.begin();
    const answer = await bot.says('ada', 'when open??');
    const submitted = { answer: idIn(answer, 'answer'), question: 'When do you open?', text: 'At nine.' };
    const corrected = await bot.does('tess', 'correct', submitted);
    expect(corrected.data).toMatchObject({ question: 'When do you open?', waits: false });

    const message = await bot.says('ada', 'And when do you close?');
    await bot.says('ada', `!correct ${idIn(message, 'answer')} At six.`);
    const built = await bot.does('tess', 'retrain');
    expect(built.data).toMatchObject({ examples: 1 });
    const shown = await bot.does('tess', 'dataset', { dataset: 'last' });
    expect(shown.data).toMatchObject({
      lines: [
        {
          example: {
            messages: [
              { role: 'user', content: 'When do you open?' },
              { role: 'assistant', content: 'At nine.' },
            ],
          },
          source: { members: ['tess'] },
        },
      ],
    });
  });

  it('is recorded once where it arrives twice, also when the settings have changed since', async () => {
    const bot = await RunningBot.begin();
    const answer = idIn(await bot.says('ada', 'When do you open?'), 'answer');
    const submitted = { answer, text: 'At nine.' };
    const first = await bot.does('bob', 'correct', submitted, { id: 'once' });
    await bot.does('max', 'settings', { review: 'off' });
    const second = await bot.does('bob', 'correct', submitted, { id: 'once' });
    expect(second).toEqual(first);
    expect(first.text).toContain('It counts as soon as a trainer has approved it.');
    expect((await bot.events()).filter(({ type }) => type === 'CorrectionGiven')).toHaveLength(1);
  });
});

describe('a better answer in a file', () => {
  const sent = async (content: string | Uint8Array, options: Record<string, string> = {}) => {
    const bot = await RunningBot.begin();
    const answer = idIn(await bot.says('ada', 'When do you open?'), 'answer');
    const attachments = [file('hours.txt', content)];
    const reply = await bot.does('tess', 'correct', { answer, ...options }, { attachments, id: 'sent' });
    const given = (await bot.events()).find(({ type }) => type === 'CorrectionGiven');
    return { reply, text: given?.type === 'CorrectionGiven' ? given.data.text : null, bot, answer };
  };

  it('is taken to the letter, but for the mark before it and the line feed at its end', async () => {
    expect((await sent('At nine.\n\nAlways. \n')).text).toBe('At nine.\n\nAlways. ');
    expect((await sent('\u{feff}Um neun \u{1f44d}')).text).toBe('Um neun \u{1f44d}');
  });

  it('is not taken a second time where the same command comes again without it', async () => {
    const { bot, answer, reply } = await sent('At nine.');
    expect(await bot.does('tess', 'correct', { answer }, { id: 'sent' })).toEqual(reply);
  });

  it.each<[string, string | Uint8Array, Record<string, string>, RegExp]>([
    ['with a text', 'At nine.', { text: 'At ten.' }, /text or in one file that is sent along, not both/],
    ['that is empty', ' \n', {}, /hours\.txt holds cannot be the better answer: it is empty/],
    ['that is no text', new Uint8Array([0xff, 0xfe, 0x00]), {}, /^hours\.txt is no text in UTF-8;/],
    ['that is too long', 'x'.repeat(100_001), {}, /has 100001 characters and at most 100000/],
    ['that is far too long', 'x'.repeat(1_000_000), {}, /^hours\.txt is too long for a better answer;/],
  ])('is refused %s', async (_, content, options, sentence) => {
    const { reply, text } = await sent(content, options);
    expect([reply.ok, text]).toEqual([false, null]);
    expect(reply.text).toMatch(sentence);
  });

  it('is one file, and there is a better answer at all', async () => {
    const bot = await RunningBot.begin();
    const answer = idIn(await bot.says('ada', 'When do you open?'), 'answer');
    const two = [file('a.txt', 'a'), file('b.txt', 'b')];
    expect((await bot.does('tess', 'correct', { answer }, { attachments: two })).text).toMatch(/one file/);
    expect((await bot.does('tess', 'correct', { answer })).text).toMatch(
      /^The option text is missing \(usage: /,
    );
  });
});

it('a question asked by the command is one like any other', async () => {
  const bot = await RunningBot.begin();
  const asked = await bot.does('ada', 'ask', { question: 'When do you open?' }, { id: 'asked' });
  expect(asked).toMatchObject({ command: 'ask', ok: true, isPrivate: false });
  expect(await bot.does('ada', 'ask', { question: 'When do you open?' }, { id: 'asked' })).toEqual(asked);
  await bot.does('tess', 'correct', { answer: idIn(asked, 'answer'), text: 'At nine.' });
  expect((await bot.does('tess', 'retrain', { dry_run: 'true' })).data).toMatchObject({
    examples: 1,
    members: [{ member: 'ada' }, { member: 'tess' }],
  });
  expect((await bot.does('ada', 'ask', { question: ' ' })).text).toMatch(/^That cannot be answered: /);
});
