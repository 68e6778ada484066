import { PermissionFlagsBits } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import type { Channel } from '../../stand-ins/discord/view/channel.ts';
import { instantModel } from './models.ts';
import { startBot, temporaryDirectory } from './running-bot.ts';

const POST = 'POST /channels/:channel/messages';

async function place() {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const { general, owner } = guild;
  return { discord, guild, general, owner, ann: guild.addMember('Ann'), ben: guild.addMember('Ben') };
}

const by = ({ messages }: Channel, author: string) => messages.filter(({ api }) => api.author.id === author);

describe('what the ledger holds of a member', () => {
  it('asked for in a channel is sent to them directly, and the channel is told no more than that', async () => {
    const { discord, general, ann } = await place();
    await startBot({ discord });
    for (const asked of ['!privacy', '!privacy export']) {
      ann.says(general, asked);
      expect((await general.nextMessage()).content).toBe(
        'That is for you alone, so I have sent it to you as a direct message.',
      );
    }
    expect((await ann.directMessages.nextMessage()).content).toContain('What the ledger holds of you');
    const sent = await ann.directMessages.nextMessage();
    expect(sent.content).toContain('all that the ledger holds of you in this place');
    expect(sent.files.map(({ filename }) => filename)).toEqual([expect.stringMatching(/\.jsonl$/)]);
    expect(general.messages.flatMap(({ files }) => files)).toEqual([]);
    discord.assertContract();
  });

  it('is named with the command that shows it to them alone, where they take no direct messages', async () => {
    const { discord, general, ann } = await place();
    await startBot({ discord });
    ann.acceptDirectMessages(false);
    ann.says(general, '!privacy export');
    expect((await general.nextMessage()).content).toBe(
      'That is for you alone, and you take no direct messages from me; use /privacy, which shows it here to nobody but you.',
    );
    expect(general.messages.flatMap(({ files }) => files)).toEqual([]);
  });

  it('cannot be fetched by a trainer who knows the name of the file', async () => {
    const { discord, general, ann, owner } = await place();
    const { log } = await startBot({ discord });
    await log.find(({ what }) => what === 'commands registered');
    const reply = await ann.uses('privacy', { action: 'export' }).reply();
    expect(reply.files).toHaveLength(1);
    const [path = ''] = /private\/\S+\.jsonl/.exec(reply.content) ?? [];
    owner.says(general, `!getfile ${path}`);
    const refused = await general.nextMessage();
    expect([refused.content, refused.files]).toEqual([expect.stringContaining('There is no file'), []]);
  });

  it('and errors and what is decided stay where they were asked for', async () => {
    const { discord, general, ann } = await place();
    await startBot({ discord });
    ann.says(general, '!privacy delete');
    expect((await general.nextMessage()).content).toContain('it must be show, consent, withdraw or export');
    ann.says(general, '!privacy consent');
    expect((await general.nextMessage()).content).toContain('Your consent is recorded');
    ann.says(ann.directMessages, '!privacy');
    expect((await ann.directMessages.nextMessage()).content).toContain('What the ledger holds of you');
  });

  it('is sent once where the process ends between that and telling the channel', async () => {
    const { discord, general, ann } = await place();
    const directory = temporaryDirectory();
    const first = await startBot({ discord, directory, discordOptions: { graceMs: 50 } });
    const held = discord.rest.faults.hold(POST, { after: true });
    ann.says(general, '!privacy');
    await held.reached;
    await first.stop();
    held.release();
    discord.rest.faults.clear();
    discord.clock.advance(60 * 60_000);

    await startBot({ discord, directory });
    const told = await general.nextMessage();
    expect(told.content).toContain('as a direct message');
    const bot = told.api.author.id;
    expect([by(ann.directMessages, bot).length, by(general, bot).length]).toEqual([1, 1]);
  });
});

describe('what was said in a channel', () => {
  it('is shown to those who may read it, by a command from the menu and by a message for all to see', async () => {
    const { discord, guild, general, owner, ann, ben } = await place();
    const [secret, open] = [guild.addChannel('secret'), guild.addChannel('open')];
    const there = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.SendMessages;
    secret.deny(guild.everyone, there);
    for (const whom of [ann, guild.botRole]) secret.allow(whom, there);
    const { log } = await startBot({ discord, chatModel: instantModel(() => 'Nobody knows.') });
    await log.find(({ what }) => what === 'commands registered');
    for (const [channel, question] of [
      [secret, 'Where is the treasure?'],
      [open, 'Where is the park?'],
    ] as const) {
      ann.says(channel, `${discord.botMention} ${question}`);
      await channel.nextMessage();
    }
    const alone = async (member: typeof ann) => (await member.uses('history').reply()).content;
    const forAll = async (member: typeof ann) => {
      member.says(general, '!history');
      return (await general.nextMessage()).content;
    };
    const seen: string[] = [];
    for (const [who, ask, member] of [
      ['ben alone', alone, ben],
      ['ben for all', forAll, ben],
      ['ann alone', alone, ann],
      ['ann for all', forAll, ann],
      ['the owner', alone, owner],
    ] as const) {
      const told = await ask(member);
      expect(told).toContain('Where is the park?');
      expect(told).toContain('answered “');
      seen.push(`${who}: ${told.includes('treasure') ? 'all' : 'without the secret'}`);
    }
    expect(seen).toEqual([
      'ben alone: without the secret',
      'ben for all: without the secret',
      'ann alone: all',
      'ann for all: without the secret',
      'the owner: all',
    ]);
    // Whoever loses the channel loses what others say there; what is their own stays theirs.
    secret.deny(ann, there);
    owner.says(secret, `${discord.botMention} Is the treasure safe?`);
    await secret.nextMessage();
    const left = await alone(ann);
    expect(left).toContain('Where is the treasure?');
    expect(left).not.toContain('Is the treasure safe?');
  });
});
