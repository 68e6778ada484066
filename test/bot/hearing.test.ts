import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/domain/refusal.ts';
import { TextAsSound } from '../stand-ins/text-as-sound.ts';
import { file, idIn, RunningBot } from './running-bot.ts';

async function hearing(options: ConstructorParameters<typeof TextAsSound>[0] = {}) {
  const sound = new TextAsSound(options);
  const bot = await RunningBot.begin({ soundDecoder: sound, transcriber: sound });
  const types = async () => (await bot.events()).map(({ type }) => type).slice(1);
  return { bot, sound, types };
}

describe('a recording', () => {
  it('is written down, shown and answered, and stays in the ledger with its hash', async () => {
    const { bot } = await hearing();
    const reply = await bot.sends('ada', [file('voice-message.ogg', 'When do you open?')]);
    expect(reply).toMatchObject({ ok: true, command: 'ask', spoken: { language: 'en' } });
    expect(reply.text).toMatch(/^Heard: When do you open\?\nI have not learned .*\n\(answer /s);
    const [, said, predicted] = await bot.events();
    expect([said?.type, predicted?.type]).toEqual(['VoiceMessageTranscribed', 'PredictionMade']);
    expect(said?.metadata.origin).toBe('voice');
    expect(said?.data).toMatchObject({
      member: 'ada',
      text: 'When do you open?',
      answer: idIn(reply, 'answer'),
      heard: 'file',
      durationMs: 17,
      isCut: false,
      sha256: createHash('sha256').update('When do you open?').digest('hex'),
    });
    expect(predicted?.data).toMatchObject({ messages: [{ role: 'user', content: 'When do you open?' }] });
  });

  it('is named where its answer comes from', async () => {
    const { bot } = await hearing();
    const answer = idIn(await bot.sends('ada', [file('a.ogg', 'When?')]), 'answer');
    const { text } = await bot.does('bob', 'history', { id: answer });
    const sha256 = createHash('sha256').update('When?').digest('hex');
    expect(text).toContain(
      `← “When?”, written down from a recording of 0.0 s (SHA-256 ${sha256}), said by ada`,
    );
  });

  it('answers what is written along, and nothing in it is a command', async () => {
    const { bot, types } = await hearing();
    await bot.sends('ada', [file('a.mp3', '!leave')], { text: 'What is said here?' });
    const [, , predicted] = await bot.events();
    expect(predicted?.data).toMatchObject({ messages: [{ content: 'What is said here?\n!leave' }] });
    expect(await types()).toEqual(['VoiceMessageTranscribed', 'PredictionMade']);
  });

  it('is cut at the limit, with a note', async () => {
    const { bot } = await hearing({ limitMs: 4_000 });
    const { text } = await bot.sends('ada', [file('a.mp3', 'one '.repeat(2_000))]);
    expect(text).toContain('\n(Only the first 4 seconds of it: the rest is over the limit.)\n');
  });

  it('sent twice under one id is heard, recorded and answered once', async () => {
    const { bot, sound, types } = await hearing();
    const send = () => bot.sends('ada', [file('a.ogg', 'When?')], { id: 'same' });
    const [first, second] = [await send(), await send()];
    expect(second).toEqual(first);
    expect(sound.heard).toEqual(['When?']);
    expect(await types()).toEqual(['VoiceMessageTranscribed', 'PredictionMade']);
  });

  it('is answered after a crash that came between its words and the answer, and not heard again', async () => {
    const { bot, sound, types } = await hearing();
    const broken = await RunningBot.begin({ soundDecoder: sound, transcriber: sound });
    // The words are there, the answer is not: as an append leaves it that was the last thing done.
    const said = await bot.sends('ada', [file('a.ogg', 'When?')], { id: 'first' });
    const stored = (await bot.events()).find(({ type }) => type === 'VoiceMessageTranscribed');
    if (stored === undefined) throw new Error('nothing was written down');
    const { id, stream, type, data, metadata } = stored;
    const { position } = await broken.ledger.append(stream, 'no_stream', [{ id, type, data, metadata }]);
    expect(position).toEqual(expect.any(String));
    await expect
      .poll(async () => (await broken.does('ada', 'history', { limit: '1' })).text)
      .toContain('said “When?”');
    const again = await broken.sends('ada', [file('a.ogg', 'When?')], { id: 'first' });
    expect(idIn(again, 'answer')).toBe(idIn(said, 'answer'));
    expect(sound.heard).toEqual(['When?']);
    expect(await types()).toEqual(['VoiceMessageTranscribed', 'PredictionMade']);
  });

  it('whose id was used for something else is refused', async () => {
    const { bot } = await hearing();
    await bot.does('ada', 'privacy', { action: 'consent' }, { id: 'used' });
    const { ok, text } = await bot.sends('ada', [file('a.ogg', 'When?')], { id: 'used' });
    expect([ok, text]).toEqual([false, expect.stringContaining('already been used')]);
  });

  it('that cannot be understood gets one sentence, and nothing is recorded', async () => {
    const { bot, sound, types } = await hearing();
    sound.failure = new Refusal('The server is busy; try again in 2 seconds.');
    const replies = [
      await bot.sends('ada', [file('a.ogg', 'When?')]),
      await bot.sends('ada', [file('a.ogg', '')]),
      await bot.sends('ada', [file('a.ogg', '  ')]),
      await bot.sends('ada', [file('a.ogg', '\0')]),
      await bot.sends('ada', [file('a.ogg', 'When?'), file('b.ogg', 'Where?')]),
    ];
    expect(replies.map(({ ok, text }) => [ok, text])).toEqual([
      [false, 'The server is busy; try again in 2 seconds.'],
      [false, 'a.ogg is empty; send another file.'],
      [false, 'Nothing that I could make out was said in it; say it again, closer to the microphone.'],
      [false, expect.stringMatching(/^That cannot be answered: /)],
      [false, 'Those are 2 sounds; send one at a time.'],
    ]);
    expect(await types()).toEqual([]);
  });

  it('cannot be heard where nothing writes speech down, and how that is set up is said in one sentence', async () => {
    const bot = await RunningBot.begin();
    const { ok, text } = await bot.sends('ada', [file('a.ogg', 'When?')]);
    expect([ok, text]).toEqual([false, expect.stringMatching(/^I cannot hear yet.*OPENAI_API_KEY/)]);
    const russian = await bot.sends('ada', [file('a.ogg', 'When?')], { locale: 'ru' });
    expect(russian.text).toMatch(/^Я пока не слышу/);
  });

  it('is not trained on, whatever was permitted, and why is said', async () => {
    const { bot } = await hearing();
    await bot.does('tess', 'policy', { permission: 'a letter' });
    await bot.does('ada', 'privacy', { action: 'consent' });
    const answer = idIn(await bot.sends('ada', [file('a.ogg', 'When?')]), 'answer');
    await bot.does('tess', 'correct', { answer, text: 'At nine.' });
    const { data, text } = await bot.does('tess', 'retrain', { dry_run: 'true' });
    expect(data.leftOut).toEqual([{ reason: 'origin_not_permitted', count: 1 }]);
    expect(text).toContain('/policy says why');
    expect((await bot.does('tess', 'policy')).text).toContain('What was said is left out');
    await bot.does('tess', 'correct', { answer, question: 'When do you open?', text: 'At nine.' });
    expect((await bot.does('tess', 'retrain', { dry_run: 'true' })).text).toContain('hold 1 example');
  });

  it('is in the export of whoever said it, and counted among what is kept', async () => {
    const { bot } = await hearing();
    await bot.sends('ada', [file('a.ogg', 'ada-said')]);
    await bot.sends('bob', [file('b.ogg', 'bob-said')]);
    expect((await bot.does('ada', 'privacy')).text).toContain('1 thing that you said');
    const path = idIn(await bot.does('ada', 'privacy', { action: 'export' }), 'path');
    const text = readFileSync(join(bot.directory, 'guilds', 'guild', path), 'utf8');
    expect(text).toContain('"type":"VoiceMessageTranscribed"');
    expect(text).toContain('ada-said');
    expect(text).not.toContain('bob-said');
  });
});

describe('what is said in a voice channel', () => {
  it('is written down of those who consented, and of nobody else', async () => {
    const { bot, sound, types } = await hearing();
    const changes: unknown[] = [];
    bot.bot.consents((...change) => changes.push(change), new AbortController().signal);
    expect(await bot.bot.mayHear('guild', 'ada')).toBe(false);
    const refused = await bot.speaks('ada', 'When?');
    expect([refused.ok, refused.text]).toEqual([false, expect.stringContaining('have not consented')]);
    await bot.does('ada', 'privacy', { action: 'consent' });
    expect(await bot.bot.mayHear('guild', 'ada')).toBe(true);
    expect(await bot.bot.mayHear('elsewhere', 'ada')).toBe(false);
    const heard = await bot.speaks('ada', 'When?');
    expect(heard.text).toMatch(/^<@ada>: When\?\nI have not learned/);
    await bot.does('ada', 'privacy', { action: 'withdraw' });
    expect(changes).toEqual([
      ['guild', 'ada', true],
      ['guild', 'ada', false],
    ]);
    expect((await bot.speaks('ada', 'And where?')).ok).toBe(false);
    expect(sound.heard).toEqual(['When?']);
    expect(await types()).toEqual([
      'ConsentGiven',
      'VoiceMessageTranscribed',
      'PredictionMade',
      'ConsentWithdrawn',
    ]);
  });

  it('is answered among several where it begins with what the bot is called', async () => {
    const { bot } = await hearing();
    await bot.does('ada', 'privacy', { action: 'consent' });
    const questions = new Map([
      ['Ledger, when do you open?', 'when do you open?'],
      ['training LEDGER: where?', 'where?'],
      ['We keep a ledger of it.', null],
      ['Ledger!', null],
      ['Ledgers are books', null],
    ]);
    for (const [words, question] of questions) {
      const before = (await bot.events()).length;
      const reply = await bot.speaks('ada', words, { calledBy: ['Training Ledger', 'Ledger'] });
      expect(reply.text.startsWith(`<@ada>: ${words}`)).toBe(true);
      const [, predicted, ...others] = (await bot.events()).slice(before);
      if (question === null) {
        expect([words, predicted, reply.spoken, reply.data.answer]).toEqual([
          words,
          undefined,
          undefined,
          null,
        ]);
      } else {
        const data = predicted?.type === 'PredictionMade' ? predicted.data : null;
        expect([data?.messages.at(-1)?.content, others]).toEqual([question, []]);
        expect(reply.spoken).toBeDefined();
      }
    }
  });

  it('says nothing of what is no word', async () => {
    const { bot, types } = await hearing();
    await bot.does('ada', 'privacy', { action: 'consent' });
    expect(await bot.speaks('ada', '   ')).toMatchObject({ ok: true, text: '' });
    expect(await types()).toEqual(['ConsentGiven']);
  });
});
