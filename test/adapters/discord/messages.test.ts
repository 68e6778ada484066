import { GuildPremiumTier } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import { instantModel, SlowModel } from './models.ts';
import { startBot } from './running-bot.ts';

const echo = instantModel((question) => `Heard: ${question}`);

async function startEcho(options: Parameters<typeof startBot>[0] = {}) {
  const discord = options.discord ?? (await startStandIn());
  const guild = discord.createGuild('Trainers');
  const [ann, ben] = [guild.addMember('Ann'), guild.addMember('Ben')];
  return { ...(await startBot({ chatModel: echo, ...options, discord })), guild, ann, ben };
}

describe('what is written to the bot', () => {
  it('is answered by a reply that notifies nobody', async () => {
    const { discord, guild, ann } = await startEcho();
    const asked = ann.says(guild.general, `${discord.botMention} When does the harbour open?`);
    const reply = await guild.general.nextMessage();
    expect(reply.content).toContain('Heard: When does the harbour open?');
    expect(reply.api.message_reference?.message_id).toBe(asked.id);
    expect(reply.notified).toEqual([]);
    expect(reply.allowedMentions).toEqual({ parse: [], replied_user: false });
  });

  it('is heard wherever the bot is mentioned, without the mention', async () => {
    const { discord, guild, ann } = await startEcho();
    const mention = discord.botMention;
    for (const [said, heard] of [
      [`${mention} Why?`, 'Why?'],
      [`Why, ${mention}, is that so?`, 'Why, , is that so?'],
      [`Why?\n${mention}`, 'Why?'],
      [`${mention.replace('@', '@!')}   Why?`, 'Why?'],
      [`<@&${guild.botRole.id}> Why?`, 'Why?'],
    ]) {
      ann.says(guild.general, said ?? '');
      expect((await guild.general.nextMessage()).content.split('\n')[0]).toBe(`Heard: ${heard}`);
    }
  });

  it('is heard in replies to the bot, with and without a ping, and in direct messages', async () => {
    const { guild, ann } = await startEcho();
    ann.says(ann.directMessages, 'Hello?');
    const first = await ann.directMessages.nextMessage();
    expect(first.content).toContain('Heard: Hello?');
    ann.says(guild.general, '!hi');
    const greeting = await guild.general.nextMessage();
    for (const ping of [true, false]) {
      ann.says(guild.general, `And with ping ${ping}?`, { replyTo: greeting, ping });
      expect((await guild.general.nextMessage()).content).toContain(`Heard: And with ping ${ping}?`);
    }
  });

  it('is every message in the channels that the operator or the server chose', async () => {
    const discord = await startStandIn();
    const guild = discord.createGuild('Trainers');
    const ann = guild.addMember('Ann');
    const [byOperator, byServer] = [guild.addChannel('ask'), guild.addChannel('questions')];
    await startBot({
      discord,
      chatModel: echo,
      settings: { DISCORD_CHANNELS: byOperator.id },
      wrap: (bot) => ({
        ...boundTo(bot),
        settingsOf: async (scope) => ({ ...(await bot.settingsOf(scope)), answerChannels: [byServer.id] }),
      }),
    });
    for (const channel of [byOperator, byServer]) {
      ann.says(channel, 'Anybody there?');
      expect((await channel.nextMessage()).content).toContain('Heard: Anybody there?');
    }
  });

  it('is every command with the prefix, in any channel, and a bare mention is greeted', async () => {
    const { discord, guild, ann } = await startEcho({ settings: { COMMAND_PREFIX: '?' } });
    ann.says(guild.general, '?hlep');
    expect((await guild.general.nextMessage()).content).toContain('did you mean ?help');
    ann.says(guild.general, discord.botMention);
    expect((await guild.general.nextMessage()).content).toContain('Hello');
  });

  it('is no command of another bot, unless it is said to this one', async () => {
    const { discord, guild, ann } = await startEcho();
    for (const said of ['!play despacito', '!level', '!stop', '!kick @Ben', '!rank'])
      ann.says(guild.general, said);
    ann.says(guild.general, '!hi');
    const hello = await guild.general.nextMessage();
    expect(hello.content).toContain('Hello');
    ann.says(guild.general, `${discord.botMention} !play despacito`);
    expect((await guild.general.nextMessage()).content).toContain('There is no command !play');
    ann.says(guild.general, '!play despacito', { replyTo: hello });
    expect((await guild.general.nextMessage()).content).toContain('There is no command !play');
    ann.says(ann.directMessages, '!play despacito');
    expect((await ann.directMessages.nextMessage()).content).toContain('There is no command !play');
  });

  it('is nothing else: no talk among people, other bots, webhooks, system messages or itself', async () => {
    const { guild, ann, discord } = await startEcho();
    const { general } = guild;
    const robot = guild.addMember('Robot', { bot: true });
    ann.says(general, 'Good morning!');
    ann.says(general, '!!!');
    ann.says(general, '! wow');
    robot.says(general, `${discord.botMention} !help`);
    robot.says(general, '!help');
    general.webhookSays('News', '!help');
    ann.edits(ann.says(general, 'Well …'), '!help');
    ann.says(general, '!hi');
    const reply = await general.nextMessage();
    expect(reply.content).toContain('Hello');
    ann.says(general, '!hi');
    await general.nextMessage();
    expect(general.messages.filter(({ api }) => api.author.id === reply.api.author.id)).toHaveLength(2);
  });

  it('knows who may manage the server and what roles its author has', async () => {
    const asked: unknown[] = [];
    const discord = await startStandIn();
    const guild = discord.createGuild('Trainers');
    const role = guild.addRole('Trainer', 0n);
    const cleo = guild.addMember('Cleo', { roles: [role] });
    await startBot({
      discord,
      wrap: (bot) => ({
        ...boundTo(bot),
        run: (incoming) => {
          const { actor, scope, channel, origin, surface, locale, placeLocale } = incoming;
          asked.push({ actor, scope, channel, origin, surface, locale, placeLocale });
          return bot.run(incoming);
        },
      }),
    });
    for (const member of [cleo, guild.owner]) {
      member.says(guild.general, '!hi');
      await guild.general.nextMessage();
    }
    cleo.says(cleo.directMessages, '!hi');
    await cleo.directMessages.nextMessage();
    const there = {
      scope: guild.id,
      channel: guild.general.id,
      origin: 'message',
      surface: 'discord',
      locale: null,
      placeLocale: 'en-US',
    };
    const direct = cleo.directMessages.id;
    expect(asked).toEqual([
      { ...there, actor: { id: cleo.id, manager: false, roles: [role.id] } },
      { ...there, actor: { id: guild.owner.id, manager: true, roles: [] } },
      {
        ...there,
        // Alone with the bot, everybody runs the place.
        actor: { id: cleo.id, manager: true, roles: [] },
        scope: `dm-${direct}`,
        channel: direct,
        placeLocale: null,
      },
    ]);
  });
});

describe('without the Message Content intent', () => {
  it('the bot says so once and goes on with mentions, replies and direct messages', async () => {
    const discord = await startStandIn({ privilegedIntents: [] });
    const { log, guild, ann } = await startEcho({ discord });
    expect(log.all.filter(({ level }) => level === 'warn').map(({ what }) => what)).toEqual([
      expect.stringMatching(/^Discord does not grant the Message Content intent, so .*\.$/),
    ]);
    ann.says(guild.general, '!hi');
    ann.says(guild.general, `${discord.botMention} One?`);
    const first = await guild.general.nextMessage();
    expect(first.content).toContain('Heard: One?');
    ann.says(guild.general, 'Two?', { replyTo: first });
    expect((await guild.general.nextMessage()).content).toContain('Heard: Two?');
    ann.says(ann.directMessages, 'Three?');
    expect((await ann.directMessages.nextMessage()).content).toContain('Heard: Three?');
  });

  it.each([
    ['names commands as they are chosen from the menu', [], '/', '/help'],
    ['and with it as they are written', undefined, '!', '/help · !help'],
  ])('the bot %s', async (_, privilegedIntents, sign, presence) => {
    const discord = await startStandIn({ ...(privilegedIntents && { privilegedIntents }) });
    const guild = discord.createGuild('Trainers');
    const ann = guild.addMember('Ann');
    const { log } = await startBot({ discord });
    await log.find(({ what }) => what === 'commands registered');
    expect(discord.gateway.presences.all.at(-1)).toMatchObject({ activities: [{ state: presence }] });
    ann.says(guild.general, `${discord.botMention} What is the secret?`);
    const { content } = await guild.general.nextMessage();
    expect(content).toContain(`${sign}correct last`);
    expect(content).toContain(`${sign}retrain`);
    ann.says(guild.general, `${discord.botMention} !history nothing`);
    expect((await guild.general.nextMessage()).content).toContain(`; ${sign}history without an id`);
    ann.says(ann.directMessages, 'What is the secret?');
    expect((await ann.directMessages.nextMessage()).content).toContain('!correct last');
    // The answer is recorded, and the same however it was asked for.
    const asked = await ann.uses('ask', { question: 'And now?' }).reply();
    expect(asked.content).toContain(`${sign}correct last`);
    expect((await ann.uses('history', { id: 'nothing' }).reply()).content).toContain('; /history without');
    expect((await ann.uses('help', { command: '!hi' }).reply()).content).toContain('/hi greets');
  });
});

describe('hostile words', () => {
  it('of a model notify nobody, show nothing from elsewhere and fit into messages', async () => {
    const everything = (guild: string, user: string) =>
      `@everyone @here <@${user}> <@&${guild}> https://evil.example/pixel.png ${'😀'.repeat(4_000)}`;
    const { guild, ann } = await startEcho({
      chatModel: instantModel((question) => everything(question, question)),
    });
    ann.says(ann.directMessages, ann.id);
    ann.says(guild.general, '!hi');
    ann.says(guild.general, guild.id, { replyTo: await guild.general.nextMessage() });
    for (const channel of [ann.directMessages, guild.general]) {
      const reply = await channel.nextMessage(({ content }) => content.includes('@everyone'));
      expect(reply.notified).toEqual([]);
      expect(reply.allowedMentions).toEqual({ parse: [], replied_user: false });
      // 4 is SUPPRESS_EMBEDS.
      expect(reply.api.flags).toBe(4);
    }
  });

  it('of a member are answered like any others', async () => {
    const { guild, ann } = await startEcho();
    for (const said of [
      // As long as a member with Nitro may write.
      '😀'.repeat(4_000),
      '> '.repeat(900),
      '||**__~~`'.repeat(200),
      '!correct last @everyone',
    ]) {
      ann.says(ann.directMessages, said);
      const reply = await ann.directMessages.nextMessage();
      expect(reply.notified).toEqual([]);
    }
    ann.says(guild.general, '!hi');
    expect((await guild.general.nextMessage()).content).toContain('Hello');
  });
});

describe('a fault inside the bot', () => {
  it('is told to the person in a sentence, and to the operator with what it came of', async () => {
    const broken = { answer: () => Promise.reject(new Error('the model is mad')) };
    const { discord, guild, ann, log } = await startEcho({ chatModel: broken });
    const asked = ann.says(guild.general, `${discord.botMention} Why?`);
    expect((await guild.general.nextMessage()).content).toContain('Something went wrong inside the bot');
    const { facts } = await log.find(({ what }) => what === 'fault');
    expect(facts).toEqual({ id: asked.id, command: 'ask', scope: guild.id });
  });
});

describe('where voice is switched off', () => {
  it('nothing is offered that needs it', async () => {
    const { guild, ann, log } = await startEcho({ settings: { VOICE: 'off' } });
    await log.find(({ what }) => what === 'commands registered');
    const names = ann.seesCommands().map(({ name }) => name);
    expect(names).toContain('help');
    expect(names.filter((name) => /^(join|leave|skip|silence|listen)$/.test(name))).toEqual([]);
    ann.says(guild.general, '!help');
    expect((await guild.general.nextMessage()).content).not.toMatch(/!(join|leave|skip|silence|listen)\b/);
  });
});

describe('a slow model', () => {
  it('shows that the bot is typing and holds up nobody else, nor the heartbeats', async () => {
    const model = new SlowModel();
    const discord = await startStandIn({ heartbeatMs: 40 });
    const { guild, ann, ben } = await startEcho({ discord, chatModel: model });
    ann.says(guild.general, `${discord.botMention} Slow?`);
    await guild.general.botTypes();
    const before = discord.gateway.heartbeats.all.length;
    ben.says(guild.general, `${discord.botMention} Quick?`);
    model.release('Quick?');
    expect((await guild.general.nextMessage()).content).toContain('Answer to: Quick?');
    ann.says(ann.directMessages, '!hi');
    expect((await ann.directMessages.nextMessage()).content).toContain('Hello');
    while (discord.gateway.heartbeats.all.length < before + 3) await discord.gateway.heartbeats.take();
    model.release('Slow?');
    expect((await guild.general.nextMessage()).content).toContain('Answer to: Slow?');
  });
});

describe('a reply that Discord does not take', () => {
  it('is posted once where only the answer to it is lost', async () => {
    const { discord, guild, ann } = await startEcho();
    discord.rest.faults.fail('POST /channels/:channel/messages', { status: 502, after: true });
    ann.says(guild.general, '!hi');
    await guild.general.nextMessage();
    ann.says(guild.general, '!instruction');
    await guild.general.nextMessage();
    expect(guild.general.messages).toHaveLength(4);
  });

  it('is tried again when Discord has been away for longer than its client tries', async () => {
    const { discord, guild, ann } = await startEcho();
    discord.rest.faults.fail('POST /channels/:channel/messages', { status: 503, times: 5 });
    ann.says(guild.general, '!hi');
    expect((await guild.general.nextMessage()).content).toContain('Hello');
  });

  it('is given up where the bot may not write, which the log tells', async () => {
    const { guild, ann, log, discord } = await startEcho();
    const quiet = guild.addChannel('quiet');
    quiet.deny(guild.botRole, 1n << 11n);
    ann.says(quiet, `${discord.botMention} Hello?`);
    const { facts } = await log.find(({ what }) => what === 'a reply cannot be posted');
    expect(facts).toMatchObject({ channel: quiet.id, status: 403, code: 50013 });
    ann.says(guild.general, '!hi');
    expect((await guild.general.nextMessage()).content).toContain('Hello');
  });

  it('stands by itself where the bot may not read what it replies to', async () => {
    const { guild, ann, discord } = await startEcho();
    guild.general.deny(guild.botRole, 1n << 16n);
    ann.says(guild.general, `${discord.botMention} Hello?`);
    const reply = await guild.general.nextMessage();
    expect(reply.content).toContain('Heard: Hello?');
    expect(reply.api.message_reference).toBeUndefined();
  });

  it('stands by itself where what it replies to was deleted', async () => {
    const model = new SlowModel();
    const { guild, ann, discord } = await startEcho({ chatModel: model });
    const asked = ann.says(guild.general, `${discord.botMention} Hello?`);
    await model.thinksAbout('Hello?');
    ann.deletes(asked);
    model.release('Hello?');
    expect((await guild.general.nextMessage()).content).toContain('Answer to: Hello?');
  });
});

describe('files', () => {
  it('are sent with the reply that names them', async () => {
    const { guild, ann, workspace } = await startEcho();
    const written = await workspace.writeExport(guild.id, 'faq.jsonl', [Buffer.from('{}\n')]);
    guild.owner.says(guild.general, `!getfile ${written.path}`);
    const reply = await guild.general.nextMessage();
    expect(reply.files.map(({ filename }) => filename)).toEqual(['faq.jsonl']);
    expect(Buffer.from(reply.file('faq.jsonl')).toString()).toBe('{}\n');
    ann.says(guild.general, '!hi');
    await guild.general.nextMessage();
  });
});

describe('a large file', () => {
  it.each([
    [GuildPremiumTier.None, 10],
    [GuildPremiumTier.Tier1, 10],
    [GuildPremiumTier.Tier2, 50],
    [GuildPremiumTier.Tier3, 100],
  ])('is sent in a server of tier %i up to %i MB, and named above that', async (tier, limit) => {
    const discord = await startStandIn();
    const guild = discord.createGuild('Trainers');
    guild.setPremiumTier(tier);
    const ann = guild.addMember('Ann');
    let bytes = 0;
    const { workspace } = await startBot({
      discord,
      wrap: (bot) => ({
        ...boundTo(bot),
        run: async (incoming) => {
          const reply = await bot.run(incoming);
          return { ...reply, files: [{ path: 'exports/faq.jsonl', bytes, sha256: '' }] };
        },
      }),
    });
    // What the file really holds is small: it is its size as the reply tells it that counts.
    await workspace.writeExport(guild.id, 'faq.jsonl', [Buffer.from('{}\n')]);
    for (const [size, files, said] of [
      [limit * 1024 * 1024, 1, 'Hello'],
      [limit * 1024 * 1024 + 1, 0, `at most ${limit} MB are taken`],
    ] as const) {
      bytes = size;
      ann.says(guild.general, '!hi');
      const reply = await guild.general.nextMessage();
      expect(reply.files).toHaveLength(files);
      expect(reply.content).toContain(said);
    }
  });

  it('is named where Discord refuses it after all', async () => {
    const { discord, guild, workspace } = await startEcho();
    const written = await workspace.writeExport(guild.id, 'faq.jsonl', [Buffer.from('{}\n')]);
    discord.rest.faults.fail('POST /channels/:channel/messages', { status: 413 });
    guild.owner.says(guild.general, `!getfile ${written.path}`);
    const reply = await guild.general.nextMessage();
    expect(reply.files).toEqual([]);
    expect(reply.content).toContain(
      'exports/faq.jsonl cannot be sent here, since Discord finds it too large',
    );
  });
});

describe('too many messages', () => {
  it('are told once that they are too many, and then passed over', async () => {
    const { guild, ann, ben } = await startEcho();
    for (let n = 0; n < 35; n++) ann.says(guild.general, '!hi');
    const tooOften = await guild.general.nextMessage(({ content }) => content.includes('too often'));
    expect(tooOften.notified).toEqual([]);
    ben.says(guild.general, '!instruction');
    await guild.general.nextMessage(
      ({ content }) => !content.includes('Hello') && !content.includes('too often'),
    );
    const replies = guild.general.messages.filter(({ api }) => api.author.id === tooOften.api.author.id);
    expect(replies.filter(({ content }) => content.includes('too often'))).toHaveLength(1);
  });
});

/** The methods of a bot as a plain object, some of which a test changes. */
function boundTo(bot: Parameters<NonNullable<NonNullable<Parameters<typeof startBot>[0]>['wrap']>>[0]) {
  return {
    prefix: bot.prefix,
    commands: bot.commands,
    run: bot.run.bind(bot),
    form: bot.form.bind(bot),
    suggest: bot.suggest.bind(bot),
    settingsOf: bot.settingsOf.bind(bot),
    isNearlyCommand: bot.isNearlyCommand.bind(bot),
    jobStatus: bot.jobStatus.bind(bot),
    mayHear: bot.mayHear.bind(bot),
    consents: bot.consents.bind(bot),
    recordVoice: bot.recordVoice.bind(bot),
    notices: bot.notices.bind(bot),
    idle: bot.idle.bind(bot),
    close: bot.close.bind(bot),
  };
}
