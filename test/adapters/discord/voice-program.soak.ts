import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createSoundDecoder } from '../../../src/adapters/audio/decoding/sound-decoder.ts';
import { createVoice } from '../../../src/adapters/audio/voice.ts';
import { eventsIn } from '../../end-to-end/ledger-file.ts';
import { Program } from '../../program.ts';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import { isSilence, lostPackets } from '../../stand-ins/discord/voice/heard-sound.ts';
import { startStandIn as startOpenAi } from '../../stand-ins/openai/started.ts';
import { SoundFiles, sourceFile } from '../audio/sound-files.ts';
import { temporaryDirectory } from './running-bot.ts';

const PATIENCE = { timeout: 60_000, interval: 100 };

/** A voice message, and the sound that servers are sent of it. */
async function recording(): Promise<{ ogg: Uint8Array<ArrayBuffer>; wav: Uint8Array }> {
  const files = new SoundFiles();
  const limits = { mostMegabytes: 25, mostSeconds: 600, timeLimitSeconds: 60, threads: 1, mostWaiting: 1 };
  const decoder = createSoundDecoder(limits);
  try {
    const ogg = await files.make('voice.ogg', 1);
    return { ogg, wav: (await decoder.decode(sourceFile('voice-message.ogg', ogg))).wav };
  } finally {
    await Promise.all([files.close(), decoder.close()]);
  }
}

async function spoken(text: string): Promise<Buffer[]> {
  const voice = createVoice({ engine: 'espeak', mostCharacters: 1_500 });
  const packets: Buffer[] = [];
  try {
    for await (const part of voice.speak(text, 'en'))
      for (const one of part.packets) packets.push(Buffer.from(one));
    return packets;
  } finally {
    await voice.close();
  }
}

it('a voice message is understood and answered aloud once, though the bot is killed while it is written down', async () => {
  const discord = await startStandIn({ voice: true });
  const openai = await startOpenAi();
  const guild = discord.createGuild('Trainers');
  const hall = guild.addChannel('hall', { voice: true });
  const ann = guild.addMember('Ann');
  ann.entersVoice(hall);
  const { ogg, wav } = await recording();
  openai.transcriptions.hears(wav, 'When is high tide?');

  const directory = temporaryDirectory();
  const certificate = join(directory, 'voice-server.pem');
  writeFileSync(certificate, discord.calls.server.certificate.cert);
  const start = () => {
    const program = new Program([], {
      cwd: directory,
      env: {
        ...discord.environment,
        OPENAI_BASE_URL: openai.url,
        OPENAI_API_KEY: openai.key,
        NODE_EXTRA_CA_CERTS: certificate,
      },
    });
    onTestFinished(() => void program.child.kill('SIGKILL'));
    return program;
  };
  const held = openai.faults.hold('POST /audio/transcriptions', { times: 1 });
  const killed = start();
  await vi.waitFor(() => expect(killed.stderr).toContain('connected to Discord'), PATIENCE);
  const attachments = [{ name: 'voice-message.ogg', bytes: ogg }];
  const said = ann.says(guild.general, discord.botMention, { attachments, isVoiceMessage: true });
  await held.reached;
  killed.child.kill('SIGKILL');
  await killed.ended;
  held.release();

  const bot = start();
  const replies = () =>
    guild.general.messages.filter(({ api }) => api.message_reference?.message_id === said.id);
  await vi.waitFor(() => expect(replies(), bot.stderr.slice(-2_000)).toHaveLength(1), PATIENCE);
  const data = join(directory, 'data');
  await vi.waitFor(() => expect(JSON.stringify(eventsIn(data))).toContain('"outcome":"spoken"'), PATIENCE);
  expect(replies()[0]?.content).toMatch(/^Heard: When is high tide\?\n/);
  const answered = eventsIn(data).find(({ type }) => type === 'PredictionMade');
  const packets = await spoken(answered?.type === 'PredictionMade' ? answered.data.response : '');
  const heard = discord.calls.server.sessionOf(guild.id)?.heard.all ?? [];
  expect(lostPackets(heard)).toBe(0);
  // Where a part ends depends on how busy the machine is, and with it the bytes; how alike they sound is checked elsewhere.
  const length = (all: readonly { readonly opus: Buffer }[]) =>
    all.filter((packet) => !isSilence(packet)).length;
  const made = length(packets.map((opus) => ({ opus })));
  expect(made).toBeGreaterThan(100);
  expect(length(heard) / made).toBeCloseTo(1, 1);

  bot.child.kill('SIGTERM');
  expect(await bot.ended).toMatchObject({ code: 0, stdout: '' });
  expect(replies()).toHaveLength(1);
  const happened = eventsIn(data).map(({ type, data }) => {
    if (type === 'ReplySpoken') return `${type} ${data.outcome}`;
    return type === 'VoiceJoined' || type === 'VoiceLeft' ? `${type} ${data.reason}` : type;
  });
  expect(happened).toEqual([
    'VoiceMessageTranscribed',
    'PredictionMade',
    'ReplySpoken queued',
    'VoiceJoined to_speak',
    'ReplySpoken spoken',
    'VoiceLeft closing',
  ]);
}, 180_000);
