import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/domain/refusal.ts';
import type { VoicePlace } from '../../src/domain/surface.ts';
import type { VoiceHappening, VoiceRoom } from '../../src/domain/voice.ts';
import { TextAsSound } from '../stand-ins/text-as-sound.ts';
import { idIn, type Person, RunningBot } from './running-bot.ts';

/** A voice channel in which there is nothing but who is where. */
class FakeRoom implements VoiceRoom {
  membersChannel: string | null = 'hall';
  channel: string | null = null;
  isListening = false;
  waiting = 0;
  obstacle: Refusal | null = null;
  /** Why nobody there could be told anything. */
  muzzle: Refusal | null = null;

  async join(channel: string): Promise<void> {
    if (this.obstacle !== null) throw this.obstacle;
    this.channel = channel;
  }

  async leave(): Promise<boolean> {
    const was = this.channel;
    this.channel = null;
    return was !== null;
  }

  skip(): boolean {
    return this.waiting-- > 0;
  }

  silence(): number {
    const dropped = Math.max(this.waiting, 0);
    this.waiting = 0;
    return dropped;
  }

  requireTelling(): void {
    if (this.muzzle !== null) throw this.muzzle;
  }

  async listen(on: boolean): Promise<void> {
    this.isListening = on;
  }
}

async function inVoice(people: readonly string[] = ['ada', 'bob']) {
  const sound = new TextAsSound();
  const bot = await RunningBot.begin({ soundDecoder: sound, transcriber: sound });
  const room = new FakeRoom();
  const voice: VoicePlace = { room, people, locale: null };
  const does = (
    who: Person,
    name: string,
    options: Record<string, string> = {},
    locale: string | null = null,
  ) => bot.does(who, name, options, { voice, locale });
  return { bot, room, does };
}

describe('the commands of voice', () => {
  it('say what was done, and what could not be done', async () => {
    const { room, does } = await inVoice();
    const text = async (name: string) => (await does('ada', name)).text;
    expect(await text('leave')).toContain('I am in no voice channel');
    expect(await text('join')).toMatch(/^I am in <#hall> now/);
    expect(await text('join')).toBe('I am in <#hall> already.');
    expect(await text('skip')).toContain('nothing to skip');
    room.waiting = 3;
    expect(await text('skip')).toBe('Skipped.');
    expect(await text('silence')).toBe('I am silent; 2 replies were not said to the end.');
    expect(await text('silence')).toContain('nothing waits');
    expect(await text('leave')).toBe('I have left <#hall>.');
    room.membersChannel = null;
    expect(await text('join')).toBe('You are in no voice channel; join one and try again.');
    expect(await text('listen')).toBe('You are in no voice channel; join one and try again.');
  });

  it('tell the reason of whoever does not let the bot in', async () => {
    const { room, does } = await inVoice();
    room.obstacle = new Refusal('I may not connect to <#hall>.');
    expect(await does('ada', 'join')).toMatchObject({ ok: false, text: 'I may not connect to <#hall>.' });
    expect(await does('ada', 'listen')).toMatchObject({ ok: false, text: 'I may not connect to <#hall>.' });
    expect(room.isListening).toBe(false);
  });

  it('say plainly that there is no voice', async () => {
    const bot = await RunningBot.begin();
    for (const name of ['join', 'leave', 'skip', 'silence', 'listen']) {
      const said = await bot.does('ada', name);
      expect([said.ok, said.text]).toEqual([false, expect.stringMatching(/^There is no voice here/)]);
      const there = await bot.bot.run({
        id: `console-${name}`,
        input: { kind: 'text', text: `!${name}` },
        actor: { id: 'ada', manager: true, roles: [] },
        scope: 'local',
        channel: 'console',
        origin: 'console',
        surface: 'console',
        locale: null,
        attachments: [],
        voice: null,
      });
      expect([there.ok, there.text]).toEqual([false, 'The console has no voice; write instead.']);
    }
  });
});

describe('!listen', () => {
  it('tells who is heard and who is not, in both languages, and its end', async () => {
    const { bot, room, does } = await inVoice(['ada', 'bob', 'cy']);
    await bot.does('ada', 'privacy', { action: 'consent' });
    const begun = await does('bob', 'listen');
    expect(begun.text.split('\n')).toEqual([
      'I listen in <#hall> now.',
      'What they say is written down here and in the ledger, as they have consented: <@ada>.',
      'Neither heard nor recorded: <@bob> and <@cy>; /privacy consent lets me hear you.',
      'I answer what begins with my name, and whoever is alone with me without it.',
      'The same holds for whoever joins later. /privacy withdraw and /listen off end it.',
    ]);
    expect(begun.listening).toEqual({ channel: 'hall', on: true, text: begun.text });
    expect([room.channel, room.isListening]).toEqual(['hall', true]);
    expect((await does('bob', 'слушать', {}, 'ru')).text).toMatch(/^Я уже слушаю в <#hall>/);
    const ended = await does('bob', 'listen', { state: 'off' });
    expect(ended.text).toBe('I do not listen in <#hall> any more; nobody is heard.');
    expect(ended.listening?.on).toBe(false);
    expect((await does('bob', 'listen', { state: 'off' })).text).toBe('I am not listening.');
    expect(room.isListening).toBe(false);
  });

  it('is refused where the channel could not be told, and the bot does not even come', async () => {
    const { room, does } = await inVoice();
    room.muzzle = new Refusal('I may not write in <#hall>.');
    expect(await does('bob', 'listen')).toMatchObject({ ok: false, text: 'I may not write in <#hall>.' });
    expect([room.channel, room.isListening]).toEqual([null, false]);
  });

  it('says that nobody is heard, and that nothing writes speech down', async () => {
    const { does } = await inVoice(['bob']);
    expect((await does('bob', 'listen')).text).toContain('Nobody there has consented, so nobody is heard.');
    const deaf = await RunningBot.begin();
    const { text } = await deaf.does(
      'bob',
      'listen',
      {},
      { voice: { room: new FakeRoom(), people: ['bob'], locale: null } },
    );
    expect(text).toMatch(/^I cannot hear yet/);
  });
});

describe('an answer', () => {
  it('is said in the language of the place, whoever asks', async () => {
    const { bot } = await inVoice();
    const place = (locale: string | null) => ({ room: new FakeRoom(), people: ['ada'], locale });
    const spokenIn = async (locale: string | null) =>
      (await bot.does('ada', 'ask', { question: 'When?' }, { voice: place(locale), locale: 'fr' })).spoken
        ?.language;
    expect(await spokenIn('de')).toBe('de');
    expect(await spokenIn(null)).toBe('en');
    await bot.does('max', 'settings', { language: 'ru' });
    expect(await spokenIn('de')).toBe('ru');
  });
});

describe('what happens in a voice channel', () => {
  it('is recorded once for each report, in its order, and told in the history', async () => {
    const { bot } = await inVoice();
    const answer = idIn(await bot.says('ada', 'When?'), 'answer');
    const happenings: VoiceHappening[] = [
      { kind: 'queued', answer },
      { kind: 'joined', reason: 'to_speak' },
      { kind: 'spoken', answer, durationMs: 1_234.5 },
      { kind: 'left', reason: 'idle' },
    ];
    for (const happening of [...happenings, ...happenings]) {
      const id = `1/${happening.kind}`;
      await bot.bot.recordVoice({ id, scope: 'guild', channel: 'hall', actor: 'ada', happening });
    }
    const events = (await bot.events()).slice(2);
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ['ReplySpoken', { answer, channel: 'hall', outcome: 'queued', durationMs: null, reason: null }],
      ['VoiceJoined', { channel: 'hall', reason: 'to_speak' }],
      ['ReplySpoken', { answer, channel: 'hall', outcome: 'spoken', durationMs: 1_235, reason: null }],
      ['VoiceLeft', { channel: 'hall', reason: 'idle' }],
    ]);
    await expect
      .poll(async () => (await bot.does('ada', 'history')).text)
      .toContain('ada had the bot leave the voice channel hall, since nothing was said for long');
  });

  it('keeps an answer from being said again where it was said before the same command came again', async () => {
    const { bot } = await inVoice();
    const ask = () => bot.says('ada', 'When?', { id: 'asked' });
    const first = await ask();
    expect(first.spoken).toMatchObject({ answer: idIn(first, 'answer') });
    expect((await ask()).spoken).toEqual(first.spoken);
    const report = { scope: 'guild', channel: 'hall', actor: 'ada' };
    const answer = idIn(first, 'answer');
    await bot.bot.recordVoice({ ...report, id: '1', happening: { kind: 'queued', answer } });
    await bot.bot.recordVoice({ ...report, id: '2', happening: { kind: 'spoken', answer, durationMs: 10 } });
    const { spoken: _, ...silent } = first;
    expect(await ask()).toEqual(silent);
  });
});
