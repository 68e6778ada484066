import { getVoiceConnection } from '@discordjs/voice';
import { describe, expect, it } from 'vitest';
import { usualRateLimits } from '../../../src/adapters/discord/rate-limits.ts';
import type { VoiceOptions } from '../../../src/adapters/discord/talking.ts';
import type { Recorded } from '../../../src/domain/events.ts';
import type { Speech } from '../../../src/domain/ports.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import type { Member } from '../../stand-ins/discord/view/member.ts';
import { trust } from '../../stand-ins/discord/voice/certificate.ts';
import { isSilence } from '../../stand-ins/discord/voice/heard-sound.ts';
import { spokenText, TextAsSound } from '../../stand-ins/text-as-sound.ts';
import { instantModel } from './models.ts';
import { type BotOnDiscord, startBot } from './running-bot.ts';
import { PacketVoice } from './voice/spoken-packets.ts';

const timing = { connectMs: 3_000, aloneMs: 100, movedMs: 250 };
const usual: VoiceOptions = {
  voice: new PacketVoice(),
  idleMinutes: 10,
  timing,
  utteranceLimits: { silenceMs: 300 },
};

/** The whole bot before a Discord with a voice channel, where Ann sits. */
async function startTalking(
  voice: Partial<VoiceOptions> = {},
  { transcriber = new TextAsSound(), ...options }: BotOnDiscord & { transcriber?: TextAsSound } = {},
) {
  const discord = await startStandIn({ voice: true, voiceHeartbeatMs: 200 });
  trust(discord.calls.server.certificate);
  const guild = discord.createGuild('Trainers');
  const { general } = guild;
  const hall = guild.addChannel('hall', { voice: true });
  const ann = guild.addMember('Ann');
  ann.entersVoice(hall);
  const running = await startBot({
    discord,
    chatModel: instantModel((question) => `You said ${question}`),
    transcriber,
    ...options,
    discordOptions: { voice: { ...usual, ...voice }, ...options.discordOptions },
  });
  const say = async (who: Member, text: string) => {
    const said = who.says(general, text);
    return general.nextMessage(({ api }) => api.message_reference?.message_id === said.id);
  };
  const sound = () =>
    (discord.calls.server.sessionOf(guild.id)?.heard.all ?? []).filter((packet) => !isSilence(packet));
  /** Resolves when the ledger holds such an event. */
  const recorded = async (is: (event: Recorded) => boolean): Promise<Recorded> => {
    for (;;) {
      const found = (await running.events()).find(is);
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const voiceEvents = async () =>
    (await running.events()).flatMap(({ type, data }) => {
      if (type === 'VoiceJoined' || type === 'VoiceLeft') return [`${type} ${data.reason}`];
      if (type === 'ReplySpoken') return [`${type} ${data.outcome}${data.reason ? ` ${data.reason}` : ''}`];
      return type === 'VoiceMessageTranscribed' ? [`${type} ${data.text}`] : [];
    });
  return { ...running, guild, general, hall, ann, say, sound, recorded, voiceEvents, transcriber };
}

const isSpoken = ({ type, data }: Recorded) => type === 'ReplySpoken' && data.outcome === 'spoken';

describe('an answer to somebody in a voice channel', () => {
  it('is written and said there, by a bot that comes by itself, stays, and is sent away', async () => {
    const { ann, general, say, sound, recorded, voiceEvents, guild, hall } = await startTalking();
    const { content } = await say(ann, '!ask the sea');
    expect(content).toMatch(/^You said the sea\n/);
    await recorded(isSpoken);
    expect(sound().map(({ opus }) => opus)).toEqual(PacketVoice.packetsOf('You said the sea'));
    expect(guild.botsVoiceChannel).toBe(hall.id);
    expect((await say(ann, '!leave')).content).toBe(`I have left ${hall.mention}.`);
    await recorded(({ type }) => type === 'VoiceLeft');
    expect(await voiceEvents()).toEqual([
      'ReplySpoken queued',
      'VoiceJoined to_speak',
      'ReplySpoken spoken',
      'VoiceLeft asked',
    ]);
    expect((await say(ann, '!leave')).content).toContain('I am in no voice channel');
    expect(general.messages.length).toBeGreaterThan(0);
  });

  it('is said also where it was asked from the menu, and in nobody’s ear who sits nowhere', async () => {
    const { ann, guild, general, say, recorded, voiceEvents, log } = await startTalking();
    await say(guild.owner, '!ask the wind');
    await log.find(({ what }) => what === 'commands registered');
    await ann.uses('ask', { question: 'the sun' }, { in: general }).reply();
    const { data } = await recorded(isSpoken);
    expect(data).toMatchObject({ durationMs: PacketVoice.packetsOf('You said the sun').length * 20 });
    expect(await voiceEvents()).toEqual(['ReplySpoken queued', 'VoiceJoined to_speak', 'ReplySpoken spoken']);
  });

  it('is written only, and why is said once, where there is no voice', async () => {
    const voice = new PacketVoice({ fault: new Refusal('No program that speaks is here.') });
    const { ann, hall, say, recorded, voiceEvents } = await startTalking({ voice });
    const isDropped = ({ type, data }: Recorded) => type === 'ReplySpoken' && data.outcome === 'dropped';
    await say(ann, '!ask one');
    expect((await hall.nextMessage()).content).toBe('No program that speaks is here.');
    await recorded(isDropped);
    await say(ann, '!ask two');
    expect((await voiceEvents()).filter((event) => event.includes('dropped'))).toContain(
      'ReplySpoken dropped no_voice',
    );
    expect(hall.messages).toHaveLength(1);
    expect((await voiceEvents()).filter((event) => event.startsWith('VoiceJoined'))).toEqual([]);
  });
});

describe('the bot', () => {
  it('comes when it is called, from a line and from the menu, and says what stands in the way', async () => {
    const voice = new PacketVoice();
    const { ann, guild, hall, general, say, recorded, log } = await startTalking({ voice });
    expect((await say(guild.owner, '!join')).content).toBe(
      'You are in no voice channel; join one and try again.',
    );
    expect((await say(ann, '!join')).content).toContain(`I am in ${hall.mention} now`);
    await recorded(({ type, data }) => type === 'VoiceJoined' && data.reason === 'asked');
    // So that the first answer is heard as soon as later ones.
    expect(voice.prepared).toBe(1);
    await log.find(({ what }) => what === 'commands registered');
    const again = await ann.uses('join', {}, { in: general }).reply();
    expect(again.content).toBe(`I am in ${hall.mention} already.`);
    expect((await say(ann, '!skip')).content).toContain('nothing to skip');
    expect((await say(ann, '!silence')).content).toContain('nothing waits');
  });

  it('says in one sentence that it may not connect', async () => {
    const { ann, hall, guild, say, events } = await startTalking();
    hall.deny(guild.botRole, 1n << 20n);
    const { content } = await say(ann, '!join');
    expect(content).toContain('I may not connect');
    expect(content.split('\n')).toHaveLength(1);
    hall.allow(guild.botRole, 1n << 20n);
    // Nor does it listen where it may not write, and so could tell nobody.
    hall.deny(guild.botRole, 1n << 11n);
    const refused = (await say(ann, '!listen')).content;
    expect(refused).toContain('I may not write in');
    expect(refused.split('\n')).toHaveLength(1);
    expect(guild.botsVoiceChannel).toBeNull();
    expect(await events()).toEqual([]);
  });
});

describe('a voice message', () => {
  it('is understood, shown and answered, and its answer is said', async () => {
    const { ann, general, discord, recorded, voiceEvents, transcriber } = await startTalking();
    ann.says(general, '!hi');
    const greeting = await general.nextMessage();
    const attachments = [
      { name: 'voice-message.ogg', bytes: new TextEncoder().encode('When is high tide?') },
    ];
    const said = ann.says(general, '', { attachments, replyTo: greeting, isVoiceMessage: true });
    const reply = await general.nextMessage(({ api }) => api.message_reference?.message_id === said.id);
    expect(reply.content).toMatch(/^Heard: When is high tide\?\nYou said When is high tide\?\n\(answer /);
    await recorded(isSpoken);
    expect(transcriber.heard).toEqual(['When is high tide?']);
    expect(await voiceEvents()).toEqual([
      'VoiceMessageTranscribed When is high tide?',
      'ReplySpoken queued',
      'VoiceJoined to_speak',
      'ReplySpoken spoken',
    ]);
    expect(discord.calls.unexpected).toEqual([]);
  });

  it('is understood also as a file of sound with a mention, and a picture is none', async () => {
    const { ann, guild, general, transcriber, discord } = await startTalking();
    const mention = discord.botMention;
    const bytes = new TextEncoder().encode('a song of the sea');
    const heard = ann.says(general, `${mention} What is this?`, {
      attachments: [{ name: 'song.mp3', bytes }],
    });
    const reply = await general.nextMessage(({ api }) => api.message_reference?.message_id === heard.id);
    expect(reply.content).toContain('You said What is this?\na song of the sea');
    const seen = guild.owner.says(general, `${mention} And this?`, {
      attachments: [{ name: 'a.png', bytes }],
    });
    const other = await general.nextMessage(({ api }) => api.message_reference?.message_id === seen.id);
    expect(other.content).toContain('You said And this?');
    expect(transcriber.heard).toHaveLength(1);
  });
});

describe('!listen', () => {
  it('hears who consented, not who did not, tells the channel both, and its end', async () => {
    const { ann, guild, hall, say, recorded, voiceEvents, transcriber, events } = await startTalking();
    const bob = guild.addMember('Bob');
    bob.entersVoice(hall);
    await say(ann, '!privacy consent');
    const told = await say(bob, '!listen');
    expect(told.content).toContain(`I listen in ${hall.mention} now.`);
    expect(told.content).toMatch(new RegExp(`written down.*: ${ann.mention}\\.`));
    expect(told.content).toMatch(new RegExp(`Neither heard nor recorded: ${bob.mention}`));
    expect((await hall.nextMessage()).content).toBe(told.content);

    await bob.speaks(spokenText('I say nothing for the record, please'));
    await ann.speaks(spokenText('The tide comes at nine'));
    const overheard = await hall.nextMessage();
    expect(overheard.content).toBe(`${ann.mention}: The tide comes at nine`);
    const question = `${guild.botRole.name}, when does the tide come?`;
    await ann.speaks(spokenText(question));
    const answer = await hall.nextMessage();
    expect(answer.content).toMatch(/You said when does the tide come\?\n\(answer/);
    await recorded(isSpoken);
    expect(transcriber.heard).toEqual(['The tide comes at nine', question]);
    const said = (await events()).filter(({ type }) => type === 'VoiceMessageTranscribed');
    expect(said.map(({ data, metadata }) => [metadata.actor, metadata.origin, data])).toMatchObject([
      [ann.id, 'voice', { member: ann.id, heard: 'channel', answer: null }],
      [ann.id, 'voice', { member: ann.id, heard: 'channel', answer: expect.any(String) }],
    ]);

    const ends = await say(ann, '!listen off');
    expect(ends.content).toContain('I do not listen');
    expect((await hall.nextMessage()).content).toBe(ends.content);
    await ann.speaks(spokenText('Nobody hears this'));
    await say(ann, '!leave');
    expect(transcriber.heard).toHaveLength(2);
    await recorded(({ type }) => type === 'VoiceLeft');
    expect((await voiceEvents()).at(-1)).toBe('VoiceLeft asked');
  });

  it('opens nothing of who withdraws their consent, from that moment on', async () => {
    const { ann, guild, say, discord, transcriber, hall } = await startTalking();
    await say(ann, '!privacy consent');
    await say(ann, '!listen');
    await ann.speaks(spokenText('This is for the record'));
    await hall.nextMessage(({ content }) => content.includes('This is for the record'));
    const receiver = getVoiceConnection(guild.id, discord.botMention.replace(/\D/g, ''))?.receiver;
    expect(receiver?.subscriptions.size).toBe(1);
    await say(ann, '!privacy withdraw');
    expect(receiver?.subscriptions.size).toBe(0);
    await ann.speaks(spokenText('And this is not'));
    expect(receiver?.subscriptions.size).toBe(0);
    expect(transcriber.heard).toEqual(['This is for the record']);
  });

  it('drops what is said faster than it is written down, and tells so once', async () => {
    const transcriber = new HeldTranscriber();
    // Each packet is an utterance of its own.
    const utteranceLimits = { silenceMs: 300, shortestMs: 20, longestMs: 20 };
    const { ann, say, hall, log } = await startTalking({ utteranceLimits }, { transcriber });
    await say(ann, '!privacy consent');
    await say(ann, '!listen');
    for (let time = 0; time < 2; time += 1) await ann.speaks(spokenText('More than anybody can follow'));
    await log.find(({ what, facts }) => what === 'what was heard is dropped' && facts.reason === 'backlog');
    const told = ({ content }: { content: string }) => content.includes('part of it is lost');
    await hall.nextMessage(told);
    transcriber.release();
    await hall.nextMessage(({ content }) => content.startsWith(`${ann.mention}:`));
    expect(hall.messages.filter(told)).toHaveLength(1);
    const dropped = log.all.filter(({ what }) => what === 'what was heard is dropped');
    expect(dropped.length).toBeGreaterThan(5);
    expect(transcriber.heard.length).toBeLessThanOrEqual(8);
  });

  it('tells once that somebody speaks more often than they may, and once that nothing is answered', async () => {
    const { ann, say, hall, log, recorded } = await startTalking(
      { utteranceLimits: { silenceMs: 300, shortestMs: 20 } },
      {
        chatModel: { answer: async () => Promise.reject(new Refusal('The model is away.')) },
        // Four of them are words that are typed or questions that are asked.
        discordOptions: { rateLimits: { ...usualRateLimits, member: { count: 4, windowSeconds: 60 } } },
      },
    );
    await say(ann, '!privacy consent');
    await say(ann, '!listen');
    // Alone with the bot, whatever they say is a question.
    for (const question of ['When?', 'Where?']) {
      await ann.speaks(spokenText(question));
      await recorded(({ type, data }) => type === 'VoiceMessageTranscribed' && data.text === question);
    }
    for (const said of ['Too much', 'Far too much']) {
      const before = log.all.length;
      await ann.speaks(spokenText(said));
      await log.find((line) => line.what === 'what was heard is dropped' && log.all.indexOf(line) >= before);
    }
    const lines = hall.messages.map(({ content }) => content);
    expect(lines.filter((line) => line.includes('The model is away.'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('speaks more often than I can write down'))).toHaveLength(1);
  });
});

/** Writes nothing down before it is let. */
class HeldTranscriber extends TextAsSound {
  readonly #held = Promise.withResolvers<void>();

  release(): void {
    this.#held.resolve();
  }

  override async transcribe(speech: Speech): Promise<string> {
    await this.#held.promise;
    return super.transcribe(speech);
  }
}
