import {
  ActionRowBuilder,
  ApplicationCommandType,
  ButtonBuilder,
  ButtonStyle,
  type Client,
  ContextMenuCommandBuilder,
  Events,
  FileUploadBuilder,
  type Interaction,
  LabelBuilder,
  Locale,
  MessageFlags,
  ModalBuilder,
  RESTJSONErrorCodes,
  RoleSelectMenuBuilder,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { expect, test } from 'vitest';
import { loggedIn, next, startStandIn } from './real-client.ts';

const commands = [
  new SlashCommandBuilder()
    .setName('ask')
    .setDescription('Ask the model')
    .setNameLocalizations({ [Locale.Russian]: 'спросить' })
    .addStringOption((option) =>
      option.setName('question').setDescription('What to ask').setRequired(true).setAutocomplete(true),
    )
    .addIntegerOption((option) =>
      option.setName('times').setDescription('How often').setMinValue(1).setMaxValue(3),
    )
    .addAttachmentOption((option) => option.setName('file').setDescription('About this'))
    .addUserOption((option) => option.setName('member').setDescription('About them')),
  new SlashCommandBuilder()
    .setName('privacy')
    .setDescription('What is kept')
    .addSubcommand((sub) => sub.setName('show').setDescription('Show it'))
    .addSubcommand((sub) =>
      sub
        .setName('consent')
        .setDescription('Agree')
        .addBooleanOption((option) => option.setName('always').setDescription('For ever').setRequired(true)),
    ),
  new ContextMenuCommandBuilder().setName('Correct this reply').setType(ApplicationCommandType.Message),
];

async function serving(handle: (interaction: Interaction) => Promise<unknown>) {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers', { locale: Locale.Russian });
  const ann = guild.addMember('Ann', { locale: Locale.German });
  const client = await loggedIn(discord);
  await client.application.commands.set(commands);
  const failures: unknown[] = [];
  client.on(Events.InteractionCreate, (interaction) => {
    handle(interaction).catch((error: unknown) => failures.push(error));
  });
  return { discord, guild, ann, client, failures };
}

function buttons(...ids: string[]): ActionRowBuilder<ButtonBuilder> {
  return new ActionRowBuilder<ButtonBuilder>().addComponents(
    ids.map((id) => new ButtonBuilder().setCustomId(id).setLabel(id).setStyle(ButtonStyle.Primary)),
  );
}

test('a slash command arrives with its typed options and is answered', async () => {
  const { discord, guild, ann } = await serving(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const file = interaction.options.getAttachment('file', true);
    await interaction.reply(
      JSON.stringify([
        interaction.options.getString('question', true),
        interaction.options.getInteger('times'),
        file.name,
        await (await fetch(file.url)).text(),
        interaction.options.getUser('member')?.id,
        interaction.locale,
        interaction.guildLocale,
        interaction.inCachedGuild() && interaction.member.id === ann.id,
      ]),
    );
  });
  const used = ann.uses('ask', {
    question: 'Why?',
    times: 2,
    file: { name: 'why.txt', bytes: Buffer.from('because') },
    member: guild.owner,
  });
  const reply = await used.reply();
  expect(JSON.parse(reply.content)).toEqual([
    'Why?',
    2,
    'why.txt',
    'because',
    guild.owner.id,
    Locale.German,
    Locale.Russian,
    true,
  ]);
  expect(await used.acknowledged()).toEqual({ deferred: false, ephemeral: false });
  expect((await guild.general.nextMessage()).id).toBe(reply.id);
  expect(discord.unexpected).toEqual([]);
});

test('Discord keeps people from what its client would not let them send', async () => {
  const { ann } = await serving(async () => {});
  expect(() => ann.uses('ask')).toThrow('The option question is required.');
  expect(() => ann.uses('ask', { question: 'x', times: 4 })).toThrow('goes from 1 to 3');
  expect(() => ann.uses('ask', { question: 'x', tmes: 1 })).toThrow('There is no option tmes.');
  expect(() => ann.uses('aks')).toThrow('does not offer "aks" to ann there, only: ask, privacy.');
  expect(() => ann.uses('privacy')).toThrow('by its subcommands only');
});

test('subcommands, also in direct messages', async () => {
  const { ann } = await serving(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const { user, guildId, options } = interaction;
    await interaction.reply(
      `${options.getSubcommand()} ${options.getBoolean('always')} ${user.id} ${guildId}`,
    );
  });
  const reply = await ann.uses('privacy consent', { always: true }, { in: ann.directMessages }).reply();
  expect(reply.content).toBe(`consent true ${ann.id} null`);
});

test('a deferred answer is awaited, edited and followed up, and seen by one member only', async () => {
  const { guild, ann, client } = await serving(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply('first');
    await interaction.followUp({ content: 'second', flags: MessageFlags.Ephemeral });
    await interaction.followUp('third');
    await interaction.editReply('first, edited');
  });
  const used = ann.uses('privacy show');
  expect(await used.acknowledged()).toEqual({ deferred: true, ephemeral: true });
  const reply = await used.reply();
  expect(reply.isEphemeral).toBe(true);
  expect((await used.followUp()).content).toBe('second');
  expect((await used.followUp()).isEphemeral).toBe(false);
  await reply.becomes(({ content }) => content === 'first, edited');
  expect(guild.general.messages.map(({ content }) => content)).toEqual(['third']);
  const channel = await client.channels.fetch(guild.general.id);
  await expect(
    channel?.isTextBased() === true && channel.messages.fetch({ message: reply.id, force: true }),
  ).rejects.toMatchObject({
    code: RESTJSONErrorCodes.UnknownMessage,
  });
});

test('a reply can be asked for, read and deleted', async () => {
  const { ann } = await serving(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const { resource } = await interaction.reply({ content: 'there', withResponse: true });
    const fetched = await interaction.fetchReply();
    await interaction.followUp(`${resource?.message?.id === fetched.id} ${fetched.content}`);
    await interaction.deleteReply();
  });
  const used = ann.uses('privacy show');
  const reply = await used.reply();
  expect((await used.followUp()).content).toBe('true there');
  await reply.becomes(({ isDeleted }) => isDeleted);
});

test('autocomplete tells what is typed so far and gets the choices', async () => {
  const { ann } = await serving(async (interaction) => {
    if (!interaction.isAutocomplete()) return;
    const { name, value } = interaction.options.getFocused(true);
    await interaction.respond([{ name: `${name}: ${value}`, value: `${interaction.commandName} ${value}` }]);
  });
  expect(await ann.typesInto('ask', 'question', 'wh')).toEqual([{ name: 'question: wh', value: 'ask wh' }]);
  expect(() => ann.typesInto('ask', 'times', '1')).toThrow('has no autocomplete');
});

test('buttons update their message, and a forged or disabled one cannot be pressed by a person', async () => {
  const { guild, ann, client } = await serving(async (interaction) => {
    if (!interaction.isButton()) return;
    const disabled = buttons('up').setComponents(
      new ButtonBuilder().setCustomId('up').setLabel('👍').setStyle(ButtonStyle.Success).setDisabled(true),
    );
    if (interaction.customId === 'up')
      await interaction.update({ content: 'Thanks!', components: [disabled] });
    else
      await interaction.reply({ content: `What is ${interaction.customId}?`, flags: MessageFlags.Ephemeral });
  });
  await send(client, guild.general.id, { content: 'Right?', components: [buttons('up', 'down')] });
  const message = await guild.general.nextMessage();
  const used = ann.presses(message.button('up'));
  expect((await used.update()).content).toBe('Thanks!');
  expect(message.button('👍').disabled).toBe(true);
  expect(() => ann.presses(message.button('👍'))).toThrow('cannot be pressed any more');
  expect(() => message.button('down')).toThrow('There is no button down');
  const forged = await ann.presses(message.forgedButton('promote:1')).reply();
  expect(forged.content).toBe('What is promote:1?');
  expect(forged.isEphemeral).toBe(true);
});

test('a button can be acknowledged without a word, and its message edited later', async () => {
  const { guild, ann, client } = await serving(async (interaction) => {
    if (!interaction.isButton()) return;
    await interaction.deferUpdate();
    await interaction.editReply('page 2');
  });
  await send(client, guild.general.id, { content: 'page 1', components: [buttons('next')] });
  const message = await guild.general.nextMessage();
  const used = ann.presses(message.button('next'));
  expect(await used.acknowledged()).toEqual({ deferred: true, ephemeral: false });
  expect((await used.update()).content).toBe('page 2');
});

test('menus of texts and of roles are chosen from', async () => {
  const { guild, ann, client } = await serving(async (interaction) => {
    if (interaction.isStringSelectMenu()) await interaction.reply(interaction.values.join('+'));
    if (interaction.isRoleSelectMenu())
      await interaction.reply(interaction.roles.map(({ name }) => name).join('+'));
  });
  const trainers = guild.addRole('Trainers');
  await send(client, guild.general.id, {
    content: 'Choose',
    components: [
      new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(
        new StringSelectMenuBuilder()
          .setCustomId('format')
          .setOptions(['sft', 'dpo', 'kto'].map((value) => ({ label: value.toUpperCase(), value })))
          .setMaxValues(2),
      ),
      new ActionRowBuilder<RoleSelectMenuBuilder>().addComponents(
        new RoleSelectMenuBuilder().setCustomId('role'),
      ),
    ],
  });
  const message = await guild.general.nextMessage();
  expect((await ann.selects(message.menu('format'), ['sft', 'kto']).reply()).content).toBe('sft+kto');
  expect((await ann.selects(message.menu('role'), [trainers.id]).reply()).content).toBe('Trainers');
  expect(() => ann.selects(message.menu('format'), ['gguf'])).toThrow('offers sft, dpo, kto and not gguf');
});

test('the menu of a message opens a modal, filled in, and the modal is submitted', async () => {
  const { guild, ann } = await serving(async (interaction) => {
    if (interaction.isMessageContextMenuCommand()) {
      const modal = new ModalBuilder()
        .setCustomId(`correct:${interaction.targetId}`)
        .setTitle('Correct')
        .addLabelComponents(
          labelled('Question', new TextInputBuilder().setCustomId('question').setStyle(TextInputStyle.Short)),
          labelled(
            'Answer',
            new TextInputBuilder()
              .setCustomId('answer')
              .setStyle(TextInputStyle.Paragraph)
              .setValue(interaction.targetMessage.content),
          ),
          new LabelBuilder()
            .setLabel('File')
            .setFileUploadComponent(new FileUploadBuilder().setCustomId('file').setRequired(false)),
        );
      await interaction.showModal(modal);
    }
    if (interaction.isModalSubmit())
      await interaction.reply(
        [
          interaction.customId.startsWith('correct:'),
          interaction.fields.getTextInputValue('question'),
          interaction.fields.getTextInputValue('answer'),
          interaction.fields.getUploadedFiles('file')?.first()?.name,
        ].join('|'),
      );
  });
  const target = ann.says(guild.general, 'The sky is green.');
  const modal = await ann.opensMenu(target, 'Correct this reply').modal();
  expect(modal.title).toBe('Correct');
  expect(modal.labels).toEqual(['Question', 'Answer', 'File']);
  expect(modal.prefilled('Answer')).toBe('The sky is green.');
  expect(() => ann.submits(modal)).toThrow('The field question takes 1 to 4000 characters, not 0.');
  expect(() => guild.owner.submits(modal)).toThrow('The modal is not shown to owner.');
  const submitted = ann.submits(modal, {
    Question: 'Which colour?',
    file: [{ name: 'sky.txt', bytes: Buffer.from('blue') }],
  });
  expect((await submitted.reply()).content).toBe('true|Which colour?|The sky is green.|sky.txt');
});

test('a modal of the older kind works too, and its message can be updated from it', async () => {
  const { guild, ann, client } = await serving(async (interaction) => {
    if (interaction.isButton()) {
      const input = new TextInputBuilder()
        .setCustomId('text')
        .setLabel('Text')
        .setStyle(TextInputStyle.Short);
      await interaction.showModal(
        new ModalBuilder()
          .setCustomId('edit')
          .setTitle('Edit')
          .addComponents(new ActionRowBuilder<TextInputBuilder>().addComponents(input)),
      );
    }
    if (interaction.isModalSubmit() && interaction.isFromMessage())
      await interaction.update(interaction.fields.getTextInputValue('text'));
  });
  await send(client, guild.general.id, { content: 'old', components: [buttons('edit')] });
  const message = await guild.general.nextMessage();
  const modal = await ann.presses(message.button('edit')).modal();
  expect((await ann.submits(modal, { Text: 'new' }).update()).content).toBe('new');
});

test('an answer after 3 seconds is refused', async () => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { discord, ann, failures } = await serving(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    arrived.resolve();
    await release.promise;
    await interaction.reply('too late');
  });
  const used = ann.uses('privacy show');
  await arrived.promise;
  discord.clock.advance(3_001);
  expect(used.hasFailed).toBe(true);
  release.resolve();
  expect(await used.refusal()).toBe('404 10062 Unknown interaction');
  await expect.poll(() => failures).toMatchObject([{ code: RESTJSONErrorCodes.UnknownInteraction }]);
});

test('a second answer is refused', async () => {
  const { ann, client } = await serving(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.reply('once');
    await client.rest.post(`/interactions/${interaction.id}/${interaction.token}/callback`, {
      body: { type: 4, data: { content: 'twice' } },
      auth: false,
    });
  });
  const used = ann.uses('privacy show');
  expect(await used.refusal()).toBe('400 40060 Interaction has already been acknowledged.');
  expect((await used.reply()).content).toBe('once');
});

test('the token is good for 15 minutes', async () => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { discord, ann, failures } = await serving(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply();
    arrived.resolve();
    await release.promise;
    await interaction.editReply('in time');
    discord.clock.advance(2 * 60_000);
    await interaction.editReply('too late');
  });
  const used = ann.uses('privacy show');
  await arrived.promise;
  discord.clock.advance(14 * 60_000);
  release.resolve();
  expect((await used.reply()).content).toBe('in time');
  await discord.rest.exchanges.find(({ status }) => status === 401);
  await expect.poll(() => failures).toMatchObject([{ code: RESTJSONErrorCodes.InvalidWebhookToken }]);
});

test('an answer of the wrong kind is refused', async () => {
  const { ann, client, failures } = await serving(async (interaction) => {
    if (interaction.isAutocomplete())
      await client.rest.post(`/interactions/${interaction.id}/${interaction.token}/callback`, {
        body: { type: 4, data: { content: 'not a choice' } },
        auth: false,
      });
    if (interaction.isChatInputCommand())
      await interaction.showModal({ customId: 'x', title: 'x'.repeat(46), components: [] });
  });
  const used = ann.uses('privacy show');
  expect(await used.refusal()).toBe('400 50035 Invalid Form Body');
  await expect.poll(() => String(failures[0])).toContain('data.title[BASE_TYPE_BAD_LENGTH]');
  ann.typesInto('ask', 'question', 'x').catch(() => {});
  await expect
    .poll(() => String(failures[1]))
    .toContain('type[BASE_TYPE_CHOICES]: Value must be one of {8}.');
});

test('a member who lost a role is told so with the next interaction', async () => {
  const seen: boolean[] = [];
  const { guild, ann, client } = await serving(async (interaction) => {
    seen.push(interaction.memberPermissions?.has('ManageGuild') ?? false);
    if (interaction.isRepliable()) await interaction.reply('seen');
  });
  const role = guild.addRole('Trainers', 1n << 5n);
  await client.guilds.cache.get(guild.id)?.members.fetch(ann.id);
  const updated = next(client, Events.GuildMemberUpdate);
  ann.receivesRole(role);
  await updated;
  await ann.uses('privacy show').reply();
  ann.losesRole(role);
  await ann.uses('privacy show').reply();
  expect(seen).toEqual([true, false]);
});

async function send(client: Client, channelId: string, message: Parameters<typeof sendTo>[1]): Promise<void> {
  await sendTo(await client.channels.fetch(channelId), message);
}

type Fetched = Awaited<ReturnType<Client['channels']['fetch']>>;

async function sendTo(
  channel: Fetched,
  message: Parameters<Extract<Fetched, { send: unknown }>['send']>[0],
): Promise<void> {
  if (channel?.isSendable() !== true) throw new Error('One can write there.');
  await channel.send(message);
}

function labelled(label: string, input: TextInputBuilder): LabelBuilder {
  return new LabelBuilder().setLabel(label).setTextInputComponent(input);
}
