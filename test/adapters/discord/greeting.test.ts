import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Locale, PermissionFlagsBits } from 'discord.js';
import { describe, expect, it, vi } from 'vitest';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import type { Channel } from '../../stand-ins/discord/view/channel.ts';
import { startBot, temporaryDirectory } from './running-bot.ts';

const POST = 'POST /channels/:channel/messages';

/** Something that the bot answers in its turn, so that what it would have said before stands there. */
async function settled(channel: Channel, says: (text: string) => void): Promise<void> {
  says('!help');
  await channel.nextMessage(({ content }) => content.includes('!retrain'));
}

const greetings = ({ messages }: Channel) =>
  messages.filter(({ content }) => content.includes('Send Messages in Threads'));

describe('a guild that the bot enters', () => {
  it('is told in its system channel how to begin, and what the bot needs', async () => {
    const discord = await startStandIn();
    await startBot({ discord });
    const guild = discord.createGuild('New', { withBot: false });
    guild.admitBot();
    const { content, notified } = await guild.general.nextMessage();
    for (const said of ['✏️', '“Correct this reply”', '`/retrain`', '“Promote this model”', '`!help`']) {
      expect(content).toContain(said);
    }
    expect(content).toContain('- View Channels: to see where I am spoken to\n- Send Messages: to answer');
    expect(content.length).toBeLessThanOrEqual(2_000);
    expect(notified).toEqual([]);
  });

  it('is told in its language', async () => {
    const discord = await startStandIn();
    await startBot({ discord });
    const guild = discord.createGuild('Новый', { withBot: false, locale: Locale.Russian });
    guild.admitBot();
    const { content } = await guild.general.nextMessage();
    expect(content).toContain('Здравствуйте!');
    expect(content).toContain('- Отправлять сообщения: чтобы отвечать');
    expect(content).toContain('«Исправить этот ответ»');
    expect(content.length).toBeLessThanOrEqual(2_000);
  });

  it('is told what has not been granted', async () => {
    const discord = await startStandIn();
    await startBot({ discord });
    const guild = discord.createGuild('Narrow', { withBot: false });
    const { ViewChannel, SendMessages, AttachFiles } = PermissionFlagsBits;
    guild.setPermissions(guild.everyone, ViewChannel | SendMessages);
    guild.setPermissions(guild.botRole, AttachFiles);
    guild.admitBot();
    expect((await guild.general.nextMessage()).content).toContain(
      'Not granted yet: Send Messages in Threads, Read Message History, Connect, Speak.',
    );
  });

  it('is told in the first channel where the bot may write, where the system channel is closed to it', async () => {
    const discord = await startStandIn();
    await startBot({ discord });
    const guild = discord.createGuild('New', { withBot: false });
    const [closed, open] = [guild.addChannel('closed'), guild.addChannel('open')];
    guild.general.deny(guild.botRole, PermissionFlagsBits.SendMessages);
    closed.deny(guild.botRole, PermissionFlagsBits.ViewChannel);
    guild.admitBot();
    await open.nextMessage();
    expect([...greetings(guild.general), ...greetings(closed)]).toEqual([]);
    expect(greetings(open)).toHaveLength(1);
  });

  it('where it may write nowhere does not trouble anything else', async () => {
    const discord = await startStandIn();
    const { log } = await startBot({ discord });
    const mute = discord.createGuild('Mute', { withBot: false });
    mute.general.deny(mute.botRole, PermissionFlagsBits.SendMessages);
    mute.admitBot();
    await log.find(({ what }) => what === 'a new guild has no channel where the bot may greet');
    const guild = discord.createGuild('New', { withBot: false });
    guild.admitBot();
    await guild.general.nextMessage();
  });

  it('is greeted at the next start, once, where the bot did not run when it came in', async () => {
    const discord = await startStandIn();
    const directory = temporaryDirectory();
    const [before, between] = ['Before', 'Between'].map((name) =>
      discord.createGuild(name, { withBot: false }),
    );
    if (before === undefined || between === undefined) throw new Error('two were created');
    before.admitBot();
    const first = await startBot({ discord, directory });
    await before.general.nextMessage();
    await first.stop();
    between.admitBot();
    const second = await startBot({ discord, directory });
    await between.general.nextMessage();
    await second.stop();

    // Nothing is known any more, and still nobody is told twice.
    rmSync(join(directory, 'discord.sqlite'));
    await startBot({ discord, directory });
    for (const { general, owner } of [before, between]) {
      await settled(general, (text) => owner.says(general, text));
      expect(greetings(general)).toHaveLength(1);
    }
  });

  it('where the bot has long been is not greeted at the start, nor another again after a restart', async () => {
    const discord = await startStandIn();
    const directory = temporaryDirectory();
    const old = discord.createGuild('Old');
    const first = await startBot({ discord, directory });
    const guild = discord.createGuild('New', { withBot: false });
    guild.admitBot();
    await guild.general.nextMessage();
    await first.stop();

    await startBot({ discord, directory });
    for (const { general, owner } of [old, guild])
      await settled(general, (text) => owner.says(general, text));
    expect(greetings(old.general)).toEqual([]);
    expect(greetings(guild.general)).toHaveLength(1);
  });

  it('is not greeted again when the gateway begins a new session or tells everything twice', async () => {
    const discord = await startStandIn();
    const { log } = await startBot({ discord });
    const guild = discord.createGuild('New', { withBot: false });
    guild.admitBot();
    await guild.general.nextMessage();
    discord.gateway.onNextResume({ rewind: 10, times: 2 });
    discord.gateway.cut();
    await log.find(({ what }) => what === 'resumed');
    discord.gateway.invalidateSession({ resumable: false });
    await discord.gateway.identifies.take();
    await discord.gateway.identifies.take();
    await settled(guild.general, (text) => guild.owner.says(guild.general, text));
    expect(greetings(guild.general)).toHaveLength(1);
  });

  it('is greeted again when the bot was thrown out and comes back', async () => {
    const discord = await startStandIn();
    await startBot({ discord });
    const guild = discord.createGuild('New', { withBot: false });
    guild.admitBot();
    await guild.general.nextMessage();
    guild.expelBot();
    discord.clock.advance(60_000);
    guild.admitBot();
    await guild.general.nextMessage();
    expect(greetings(guild.general)).toHaveLength(2);
  });

  it('is greeted once where the process ends while it greets', async () => {
    const discord = await startStandIn();
    const directory = temporaryDirectory();
    const [said, unsaid] = ['Said', 'Unsaid'].map((name) => discord.createGuild(name, { withBot: false }));
    if (said === undefined || unsaid === undefined) throw new Error('two were created');
    const first = await startBot({ discord, directory });
    const held = discord.rest.faults.hold(POST, { after: true });
    said.admitBot();
    await held.reached;
    discord.rest.faults.fail(POST, { status: 502, times: 100 });
    unsaid.admitBot();
    await first.log.find(({ what }) => what === 'a new guild is not greeted yet');
    await first.stop();
    held.release();
    discord.rest.faults.clear();
    discord.clock.advance(60 * 60_000);

    await startBot({ discord, directory });
    await unsaid.general.nextMessage();
    await settled(said.general, (text) => said.owner.says(said.general, text));
    for (const { general } of [said, unsaid]) expect(greetings(general)).toHaveLength(1);
  });
});

describe('beside the name of the bot', () => {
  it('stands how to ask for help, from the moment that it connects', async () => {
    const discord = await startStandIn();
    await startBot({ discord, settings: { COMMAND_PREFIX: '?' } });
    const shown = () => JSON.stringify(discord.gateway.identifies.all);
    await vi.waitFor(() => expect(shown()).toContain('/help · ?help'));
  });
});
