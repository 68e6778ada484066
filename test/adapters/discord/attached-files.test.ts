import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { LoopbackServer } from '../../stand-ins/discord/loopback-server.ts';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import type { SentFile } from '../../stand-ins/discord/view/member.ts';
import { instantModel } from './models.ts';
import { startBot } from './running-bot.ts';

const MEBIBYTE = 2 ** 20;
const lines = new TextEncoder().encode('{"prompt":"When?","completion":"At nine."}\n');
const limits = { bytes: MEBIBYTE, beginMs: 5_000, totalMs: 5_000 };

const servers: LoopbackServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function startTraining() {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const running = await startBot({
    discord,
    chatModel: instantModel((question) => `Heard: ${question}`),
    discordOptions: { attachmentLimits: limits },
  });
  const { general, owner } = guild;
  const reply = async (text: string, attachment: SentFile) => {
    const said = owner.says(general, text, { attachments: [attachment] });
    return general.nextMessage(({ api }) => api.message_reference?.message_id === said.id);
  };
  return { ...running, guild, reply };
}

describe('a file sent with a command', () => {
  it('is trained on, and recorded by what was in it', async () => {
    const { reply, events } = await startTraining();
    const { content } = await reply('!train', { name: 'lines.jsonl', bytes: lines });
    expect(content).toContain('trains on 1 example');
    const selected = (await events()).find((event) => event.type === 'DatasetSelected');
    const sha256 = createHash('sha256').update(lines).digest('hex');
    expect(selected?.metadata.origin).toBe('upload');
    expect(selected?.data).toMatchObject({ sources: [{ path: 'lines.jsonl', bytes: lines.length, sha256 }] });
  });

  it('is the better answer, to the letter', async () => {
    const { reply, events, guild } = await startTraining();
    guild.owner.says(guild.general, '!ask When?');
    await guild.general.nextMessage();
    const answer = 'At nine.\r\n\tНе раньше. 🕘';
    const { content } = await reply('!correct last', {
      name: 'b.txt',
      bytes: new TextEncoder().encode(answer),
    });
    expect(content).toContain('Recorded as correction');
    const given = (await events()).find((event) => event.type === 'CorrectionGiven');
    expect(given?.data).toMatchObject({ text: answer });
    expect(given?.metadata.origin).toBe('upload');
  });

  it('is no upload of what was written beside it', async () => {
    const { reply, events, guild } = await startTraining();
    guild.owner.says(guild.general, '!ask When?');
    await guild.general.nextMessage();
    const file = { name: 'b.txt', bytes: new TextEncoder().encode('At nine.') };
    const { content } = await reply('!correct last question="When do you open?"', file);
    expect(content).toContain('Recorded as correction');
    const given = (await events()).find((event) => event.type === 'CorrectionGiven');
    expect(given?.metadata.origin).toBe('message');
  });

  it.each<[string, SentFile['claims'], string]>([
    ['lies on another host', { url: 'https://example.com/x.jsonl' }, "Discord's own file server"],
    ['lies on loopback', { url: 'http://127.0.0.1:1/x.jsonl' }, "Discord's own file server"],
    ['is said to be too large', { size: 2 * MEBIBYTE }, 'larger than the 1 MiB'],
    ['is larger than is said', { size: 3 }, 'did not arrive as it was sent'],
  ])('that %s is refused in one sentence', async (_, claims, why) => {
    const { reply, events } = await startTraining();
    const { content } = await reply('!train', { name: 'x.jsonl', bytes: lines, ...(claims && { claims }) });
    expect(content).toContain(why);
    expect(content.split('\n')).toHaveLength(1);
    expect(await events()).toEqual([]);
  });

  it('that leads elsewhere, or grows once it has arrived, is refused in one sentence', async () => {
    const { discord, guild, bot, events } = await startTraining();
    const internal = new LoopbackServer((_, response) => response.end(lines));
    servers.push(internal);
    await internal.start();
    const spoils = [
      [{ kind: 'redirect', to: `http://${internal.host}/` }, "Discord's own file server"],
      [{ kind: 'packed', bytes: new Uint8Array(64 * MEBIBYTE) }, 'larger than the 1 MiB'],
      [{ kind: 'endless' }, 'larger than the 1 MiB'],
    ] as const;
    for (const [index, [spoil, why]] of spoils.entries()) {
      const stored = discord.cdn.store(`77${index}`, guild.general.id, { name: 'x.jsonl', bytes: lines });
      discord.cdn.spoil(stored, spoil);
      const said = guild.owner.says(guild.general, '!train', {
        attachments: [{ name: 'x.jsonl', bytes: lines, claims: { url: stored.url } }],
      });
      const reply = await guild.general.nextMessage(
        ({ api }) => api.message_reference?.message_id === said.id,
      );
      expect(reply.content).toContain(why);
      expect(reply.content.split('\n')).toHaveLength(1);
    }
    expect(await events()).toEqual([]);
    expect(bot.prefix).toBe('!');
  });

  it('may be called anything', async () => {
    const { reply, events } = await startTraining();
    await reply('!train', { name: '../../x', bytes: lines });
    await reply('!train', { name: `a\u202Egnp.${'y'.repeat(300)}.jsonl`, bytes: lines });
    const paths = (await events()).flatMap((event) =>
      event.type === 'DatasetSelected' ? event.data.sources.map(({ path }) => path) : [],
    );
    expect(paths).toHaveLength(2);
    for (const path of paths) expect(path).toMatch(/^[^/\\\p{Cc}\p{Cf}]{1,80}$/u);
  });
});
