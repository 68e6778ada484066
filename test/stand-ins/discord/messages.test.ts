import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  type Client,
  EmbedBuilder,
  Events,
  type Message,
  PermissionFlagsBits,
  RESTJSONErrorCodes,
  Routes,
  type SendableChannels,
} from 'discord.js';
import { expect, test } from 'vitest';
import { loggedIn, next, startStandIn } from './real-client.ts';
import type { Channel } from './view/channel.ts';

async function talking() {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const ann = guild.addMember('Ann');
  const client = await loggedIn(discord);
  return { discord, guild, ann, client, channel: await channelOf(client, guild.general) };
}

async function channelOf(client: Client, { id }: Channel): Promise<SendableChannels> {
  const channel = await client.channels.fetch(id);
  if (channel?.isSendable() !== true) throw new Error('One can write there.');
  return channel;
}

test('a message is heard, answered with a reply, and the reply edited and deleted', async () => {
  const { guild, ann, client } = await talking();
  client.once(Events.MessageCreate, async (message: Message) => {
    const reply = await message.reply(`You said: ${message.content}`);
    await reply.edit('On second thought, no.');
  });
  const question = ann.says(guild.general, 'What do you think?');
  const reply = await guild.general.nextMessage();
  expect(reply.history[0]).toMatchObject({
    content: 'You said: What do you think?',
    message_reference: { message_id: question.id },
    edited_timestamp: null,
  });
  expect(reply.notified).toEqual([ann.id]);
  await reply.becomes(({ content }) => content === 'On second thought, no.');
  expect(reply.api.edited_timestamp).not.toBeNull();
  const deleted = next(client, Events.MessageDelete);
  ann.deletes(question);
  expect(await deleted).toMatchObject([{ id: question.id }]);
});

test('an edit by a member is heard', async () => {
  const { guild, ann, client } = await talking();
  const message = ann.says(guild.general, 'a tpyo');
  const updated = next(client, Events.MessageUpdate);
  ann.edits(message, 'a typo');
  expect((await updated)[1]).toMatchObject({ content: 'a typo' });
});

test('direct messages come without a guild, and are answered where they came from', async () => {
  const { ann, client } = await talking();
  client.once(Events.MessageCreate, async (message: Message) => {
    await message.reply(message.inGuild() ? 'in a guild' : 'in private');
  });
  ann.says(ann.directMessages, 'psst');
  expect((await ann.directMessages.nextMessage()).content).toBe('in private');
  const user = await client.users.fetch(ann.id);
  await user.send('an unasked word');
  expect((await ann.directMessages.nextMessage()).content).toBe('an unasked word');
  ann.acceptDirectMessages(false);
  await expect(user.send('another one')).rejects.toMatchObject({
    code: RESTJSONErrorCodes.CannotSendMessagesToThisUser,
  });
});

test('what a member and a webhook send is told apart', async () => {
  const { guild, client } = await talking();
  const heard = next(client, Events.MessageCreate);
  guild.general.webhookSays('Newsfeed', 'extra, extra');
  expect(await heard).toMatchObject([{ content: 'extra, extra', author: { bot: true } }]);
  expect((await heard)[0].webhookId).not.toBeNull();
});

test('files go both ways through the CDN, whose addresses are signed and expire', async () => {
  const { discord, guild, ann, client, channel } = await talking();
  const heard = next(client, Events.MessageCreate);
  ann.says(guild.general, 'here', {
    attachments: [{ name: '../../x', bytes: Buffer.from('one,two'), contentType: 'text/csv' }],
  });
  const [message] = await heard;
  const received = message.attachments.first();
  if (received === undefined) throw new Error('It has a file.');
  expect(received).toMatchObject({ name: '../../x', size: 7, contentType: 'text/csv' });
  expect(received.url.startsWith(discord.cdnUrl)).toBe(true);
  expect(await (await fetch(received.url)).text()).toBe('one,two');
  expect((await fetch(received.url.replace(/hm=./, 'hm=x'))).status).toBe(404);
  await channel.send({ files: [new AttachmentBuilder(Buffer.from([1, 2, 3]), { name: 'three bytes.bin' })] });
  const sent = await guild.general.nextMessage();
  expect(sent.file('three_bytes.bin')).toEqual(Buffer.from([1, 2, 3]));
  discord.clock.advance(25 * 60 * 60_000);
  expect((await fetch(received.url)).status).toBe(404);
});

test('a file can redirect, stall, break off or never end', async () => {
  const { discord, guild, ann } = await talking();
  const said = ann.says(guild.general, '', { attachments: [{ name: 'a', bytes: Buffer.alloc(1000) }] });
  const [file] = said.files;
  if (file === undefined) throw new Error('It has a file.');
  discord.cdn.spoil(file, { kind: 'redirect', to: 'http://127.0.0.1:1/' });
  expect((await fetch(file.url, { redirect: 'manual' })).headers.get('location')).toBe('http://127.0.0.1:1/');
  discord.cdn.spoil(file, { kind: 'break off' });
  await expect(fetch(file.url).then((response) => response.arrayBuffer())).rejects.toThrow();
  discord.cdn.spoil(file, { kind: 'stall' });
  const stalled = await fetch(file.url);
  await stalled.body?.cancel();
  discord.cdn.spoil(file, { kind: 'endless' });
  const reader = (await fetch(file.url)).body?.getReader();
  let bytes = 0;
  while (bytes < 1_000_000) bytes += (await reader?.read())?.value?.byteLength ?? 0;
  await reader?.cancel();
});

test('a file over the limit of the guild is refused', async () => {
  const { guild, channel } = await talking();
  const file = { attachment: Buffer.alloc(11 * 1024 * 1024), name: 'big' };
  await expect(channel.send({ files: [file] })).rejects.toMatchObject({
    code: RESTJSONErrorCodes.RequestEntityTooLarge,
    status: 413,
  });
  guild.setPremiumTier(2);
  await channel.send({ files: [file] });
});

test('an edit keeps the files, unless it lists which to keep', async () => {
  const { guild, channel } = await talking();
  const message = await channel.send({
    content: 'chart',
    files: [{ attachment: Buffer.from('1'), name: '1.png' }],
  });
  const seen = await guild.general.nextMessage();
  await message.edit({ content: 'chart, still' });
  expect(seen.files.map(({ filename }) => filename)).toEqual(['1.png']);
  await message.edit({
    embeds: [new EmbedBuilder().setTitle('Loss').setImage('attachment://2.png')],
    attachments: [],
    files: [{ attachment: Buffer.from('2'), name: '2.png' }],
  });
  expect(seen.files).toEqual([]);
  expect(seen.api.embeds[0]?.image?.url).toMatch(/\/2\.png\?ex=/);
});

test('nobody is notified whom the allowed mentions leave out', async () => {
  const { guild, ann, channel } = await talking();
  const role = guild.addRole('Trainers');
  const text = `${ann.mention} <@&${role.id}> @everyone`;
  await channel.send(text);
  expect((await guild.general.nextMessage()).notified).toEqual([ann.id]);
  guild.setPermissions(guild.botRole, PermissionFlagsBits.Administrator);
  await channel.send(text);
  expect((await guild.general.nextMessage()).notified).toEqual([ann.id, role.id, 'everyone']);
  await channel.send({ content: text, allowedMentions: { parse: [] } });
  const quiet = await guild.general.nextMessage();
  expect(quiet.notified).toEqual([]);
  expect(quiet.allowedMentions).toEqual({ parse: [] });
  await (await channel.messages.fetch(quiet.id)).edit(`${text}, again`);
  expect(quiet.notified).toEqual([ann.id, role.id, 'everyone']);
});

test('the same nonce posts once where that is asked for, and is not told again later', async () => {
  const { discord, guild, client, channel } = await talking();
  const once = await channel.send({ content: 'once', nonce: '42', enforceNonce: true });
  expect(once.nonce).toBe('42');
  expect(await client.rest.get(Routes.channelMessage(channel.id, once.id))).not.toHaveProperty('nonce');
  const twice = await channel.send({ content: 'once', nonce: '42', enforceNonce: true });
  expect(twice.id).toBe(once.id);
  expect(guild.general.messages).toHaveLength(1);
  discord.clock.advance(10 * 60_000);
  await channel.send({ content: 'once', nonce: '42', enforceNonce: true });
  expect(guild.general.messages).toHaveLength(2);
});

test('an answer that is lost on the way was carried out, and the nonce shows it', async () => {
  const { discord, guild, channel } = await talking();
  discord.rest.faults.hangUp('POST /channels/:channel/messages', { reset: true, after: true });
  await channel.send({ content: 'once', nonce: '43', enforceNonce: true });
  expect(guild.general.messages.map(({ content }) => content)).toEqual(['once']);
  discord.rest.faults.fail('POST /channels/:channel/messages', { after: true });
  await channel.send({ content: 'twice' });
  expect(guild.general.messages.map(({ content }) => content)).toEqual(['once', 'twice', 'twice']);
});

test('reactions come and go both ways', async () => {
  const { guild, ann, client, channel } = await talking();
  const message = await channel.send('Was that right?');
  const seen = await guild.general.nextMessage();
  await message.react('👍');
  expect(seen.reactions).toEqual({ '👍': 1 });
  const added = next(client, Events.MessageReactionAdd);
  ann.reacts(seen, '👍');
  expect((await added)[1]).toMatchObject({ id: ann.id });
  expect(seen.reactions).toEqual({ '👍': 2 });
  const removed = next(client, Events.MessageReactionRemove);
  ann.takesBack(seen, '👍');
  await removed;
  await message.reactions.cache.get('👍')?.users.remove();
  expect(seen.reactions).toEqual({});
  await expect(message.react('not an emoji')).rejects.toMatchObject({ code: 10014 });
});

test('typing is seen', async () => {
  const { guild, channel } = await talking();
  await channel.sendTyping();
  await guild.general.botTypes();
});

test('the past can be read in pages', async () => {
  const { guild, ann, channel } = await talking();
  const said = ['one', 'two', 'three', 'four'].map((text) => ann.says(guild.general, text));
  const texts = async (options: { limit: number; before?: string; after?: string; around?: string }) =>
    (await channel.messages.fetch(options)).map(({ content }) => content);
  expect(await texts({ limit: 2 })).toEqual(['four', 'three']);
  expect(await texts({ limit: 10, before: said[2]?.id ?? '' })).toEqual(['two', 'one']);
  expect(await texts({ limit: 2, after: said[0]?.id ?? '' })).toEqual(['three', 'two']);
  expect(await texts({ limit: 2, around: said[1]?.id ?? '' })).toEqual(['three', 'two', 'one']);
});

const tooMuch: readonly { what: string; message: Parameters<SendableChannels['send']>[0]; wrong: RegExp }[] =
  [
    { what: 'nothing', message: { content: ' ' }, wrong: /Cannot send an empty message/ },
    {
      what: 'a text over 2000',
      message: '😀'.repeat(2001),
      wrong: /content\[BASE_TYPE_MAX_LENGTH\]: Must be 2000/,
    },
    {
      what: 'six rows of buttons',
      message: {
        content: 'x',
        components: Array.from({ length: 6 }, (_, row) => rowOf(buttonOf(String(row)))),
      },
      wrong: /components\[BASE_TYPE_MAX_LENGTH\]/,
    },
    {
      what: 'six buttons in a row',
      message: { content: 'x', components: [rowOf(...[1, 2, 3, 4, 5, 6].map((n) => buttonOf(String(n))))] },
      wrong: /components\[0\]\.components\[BASE_TYPE_BAD_LENGTH\]/,
    },
    {
      what: 'the same custom id twice',
      message: { content: 'x', components: [rowOf(buttonOf('same')), rowOf(buttonOf('same'))] },
      wrong: /COMPONENT_CUSTOM_ID_DUPLICATED/,
    },
    {
      what: 'a custom id over 100',
      message: {
        content: 'x',
        components: [
          { type: 1, components: [{ type: 2, style: 1, label: 'x', custom_id: 'x'.repeat(101) }] },
        ],
      },
      wrong: /components\[0\]\.components\[0\]\.custom_id\[BASE_TYPE_BAD_LENGTH\]/,
    },
    {
      what: 'embeds over 6000 together',
      message: { embeds: [1, 2].map(() => ({ description: 'x'.repeat(4000) })) },
      wrong: /MAX_EMBED_SIZE_EXCEEDED/,
    },
    {
      what: 'an embed with a title over 256',
      message: { embeds: [{ title: 'x'.repeat(257) }] },
      wrong: /embeds\[0\]\.title\[BASE_TYPE_MAX_LENGTH\]/,
    },
    {
      what: 'mentions allowed in two ways',
      message: { content: 'x', allowedMentions: { parse: ['users'], users: ['1'] } },
      wrong: /mutually exclusive/,
    },
  ];

test.each(tooMuch)('$what is no message', async ({ message, wrong }) => {
  const { guild, channel } = await talking();
  await expect(channel.send(message)).rejects.toThrow(wrong);
  expect(guild.general.messages).toEqual([]);
});

test('the most that is allowed is a message', async () => {
  const { guild, channel } = await talking();
  await channel.send({
    content: '😀'.repeat(2000),
    components: [1, 2, 3, 4, 5].map((row) =>
      rowOf(...[1, 2, 3, 4, 5].map((n) => buttonOf(`${row} ${n}`.padEnd(100, '.')))),
    ),
  });
  expect((await guild.general.nextMessage()).buttons).toHaveLength(25);
});

const permissions = [
  { lacking: 'ViewChannel', code: RESTJSONErrorCodes.MissingAccess },
  { lacking: 'SendMessages', code: RESTJSONErrorCodes.MissingPermissions },
  { lacking: 'AttachFiles', code: RESTJSONErrorCodes.MissingPermissions },
  {
    lacking: 'ReadMessageHistory',
    code: RESTJSONErrorCodes.CannotReplyWithoutPermissionToReadMessageHistory,
  },
] as const;

test.each(permissions)('without $lacking it is refused with $code', async ({ lacking, code }) => {
  const { guild, ann, channel } = await talking();
  const said = ann.says(guild.general, 'hello');
  guild.general.deny(guild.botRole, PermissionFlagsBits[lacking]);
  await expect(
    channel.send({ content: 'x', files: [Buffer.from('x')], reply: { messageReference: said.id } }),
  ).rejects.toMatchObject({ code });
});

test('what is not there or not its own is refused with the real codes', async () => {
  const { guild, ann, client, channel } = await talking();
  const said = ann.says(guild.general, 'mine');
  await expect(channel.messages.fetch('1')).rejects.toMatchObject({
    code: RESTJSONErrorCodes.UnknownMessage,
  });
  await expect(client.channels.fetch('1')).rejects.toMatchObject({ code: RESTJSONErrorCodes.UnknownChannel });
  await expect(client.users.fetch('1')).rejects.toMatchObject({ code: RESTJSONErrorCodes.UnknownUser });
  await expect(client.guilds.fetch('1')).rejects.toMatchObject({ code: RESTJSONErrorCodes.UnknownGuild });
  await expect(channel.messages.edit(said.id, 'yours')).rejects.toMatchObject({
    code: RESTJSONErrorCodes.CannotEditMessageAuthoredByAnotherUser,
  });
  await expect(channel.messages.delete(said.id)).rejects.toMatchObject({
    code: RESTJSONErrorCodes.MissingPermissions,
  });
  await expect(channel.send({ content: 'x', reply: { messageReference: '1' } })).rejects.toThrow(
    /REPLIES_UNKNOWN_MESSAGE/,
  );
});

function buttonOf(customId: string): ButtonBuilder {
  return new ButtonBuilder().setCustomId(customId).setLabel('x').setStyle(ButtonStyle.Primary);
}

function rowOf(...buttons: ButtonBuilder[]): ActionRowBuilder<ButtonBuilder> {
  return new ActionRowBuilder<ButtonBuilder>().addComponents(buttons);
}
