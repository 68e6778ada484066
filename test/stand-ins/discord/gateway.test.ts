import { DiscordjsErrorCodes, Events, GatewayCloseCodes, GatewayIntentBits, type Message } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { loggedIn, next, realClient, startStandIn } from './real-client.ts';

describe('logging in', () => {
  test('the client is ready in the guilds of the bot', async () => {
    const discord = await startStandIn();
    const guild = discord.createGuild('Trainers');
    const ann = guild.addMember('Ann');
    const client = await loggedIn(discord);
    expect(client.user.id).toBe(discord.applicationId);
    expect(client.guilds.cache.map(({ name }) => name)).toEqual(['Trainers']);
    expect(client.guilds.cache.get(guild.id)?.channels.cache.has(guild.general.id)).toBe(true);
    expect(client.guilds.cache.get(guild.id)?.memberCount).toBe(3);
    const members = await client.guilds.cache.get(guild.id)?.members.fetch();
    expect(members?.map(({ id }) => id).toSorted()).toEqual(
      [guild.owner.id, ann.id, discord.applicationId].toSorted(),
    );
    expect((await client.application.fetch()).name).toBe('Ledger Bot');
  });

  test('a wrong token is refused by REST, and by the gateway with 4004', async () => {
    const discord = await startStandIn();
    await expect(realClient(discord).login('another.token.altogether')).rejects.toMatchObject({
      code: DiscordjsErrorCodes.TokenInvalid,
    });
    discord.gateway.refuseNextIdentify(GatewayCloseCodes.AuthenticationFailed);
    await expect(realClient(discord).login(discord.token)).rejects.toThrow('Authentication failed');
    await discord.gateway.closes.find((code) => code === GatewayCloseCodes.AuthenticationFailed);
  });

  test('a privileged intent that is not switched on ends it with 4014', async () => {
    const discord = await startStandIn({ privilegedIntents: [GatewayIntentBits.GuildMembers] });
    await expect(realClient(discord).login(discord.token)).rejects.toThrow('Used disallowed intents');
    await discord.gateway.closes.find((code) => code === GatewayCloseCodes.DisallowedIntents);
  });

  test('the bot is told when it joins and leaves a guild', async () => {
    const discord = await startStandIn();
    const client = await loggedIn(discord);
    const joined = next(client, Events.GuildCreate);
    const guild = discord.createGuild('Newcomers');
    expect(await joined).toMatchObject([{ name: 'Newcomers', systemChannelId: guild.general.id }]);
    const left = next(client, Events.GuildDelete);
    guild.expelBot();
    expect(await left).toMatchObject([{ id: guild.id }]);
  });
});

describe('what the intents let through', () => {
  test('nothing without the intent for it', async () => {
    const discord = await startStandIn();
    const guild = discord.createGuild('Trainers');
    const ann = guild.addMember('Ann');
    const client = await loggedIn(discord, { intents: [GatewayIntentBits.Guilds] });
    const heard: string[] = [];
    client.on(Events.Raw, ({ t }: { t: string }) => heard.push(t));
    ann.says(guild.general, 'Is anybody there?');
    ann.typesIn(guild.general);
    ann.receivesRole(guild.addRole('Trainer'));
    guild.addChannel('the last thing that happens');
    await next(client, Events.ChannelCreate);
    expect(heard).toEqual(['GUILD_ROLE_CREATE', 'CHANNEL_CREATE']);
  });

  test('contents are blank without the intent, but where they are meant for the bot', async () => {
    const discord = await startStandIn({ privilegedIntents: [] });
    const guild = discord.createGuild('Trainers');
    const ann = guild.addMember('Ann');
    const client = await loggedIn(discord, {
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
    });
    const heard: string[] = [];
    const all = Promise.withResolvers<void>();
    client.on(Events.MessageCreate, (message) => {
      heard.push(message.content);
      if (message.content === 'in private') all.resolve();
    });
    const channel = await client.channels.fetch(guild.general.id);
    if (channel?.isSendable()) await channel.send('my own');
    const own = await guild.general.nextMessage();
    const blank = ann.says(guild.general, 'not for you', {
      attachments: [{ name: 'a.txt', bytes: Buffer.from('a') }],
    });
    ann.says(guild.general, `${discord.botMention} for you`);
    ann.says(guild.general, 'a reply', { replyTo: own });
    ann.says(guild.general, 'a silent reply', { replyTo: own, ping: false });
    ann.says(ann.directMessages, 'in private');
    await all.promise;
    expect(heard).toEqual(['my own', '', `${discord.botMention} for you`, 'a reply', '', 'in private']);
    const fetched = await channel
      ?.fetch()
      .then((same) => (same.isSendable() ? same.messages.fetch(blank.id) : null));
    expect(fetched).toMatchObject({ content: '' });
    expect(fetched?.attachments.size).toBe(0);
  });

  test('a channel that the bot does not see is silent', async () => {
    const discord = await startStandIn();
    const guild = discord.createGuild('Trainers');
    const ann = guild.addMember('Ann');
    const secret = guild.addChannel('secret');
    secret.deny(guild.botRole, 1n << 10n);
    const client = await loggedIn(discord);
    const first = next(client, Events.MessageCreate);
    ann.says(secret, 'unheard');
    ann.says(guild.general, 'heard');
    expect(await first).toMatchObject([{ content: 'heard' }]);
  });
});

describe('a connection that ends', () => {
  async function listening() {
    const discord = await startStandIn();
    const guild = discord.createGuild('Trainers');
    const ann = guild.addMember('Ann');
    const client = await loggedIn(discord);
    await discord.gateway.identifies.take();
    const heard: string[] = [];
    client.on(Events.MessageCreate, ({ content }: Message) => heard.push(content));
    const hears = async (text: string) => {
      while (!heard.includes(text)) await next(client, Events.MessageCreate);
    };
    return { discord, guild, ann, client, heard, hears };
  }

  test('is resumed, and what was missed comes once and in order', async () => {
    const { discord, guild, ann, client, heard, hears } = await listening();
    ann.says(guild.general, 'before');
    await hears('before');
    const resumed = next(client, Events.ShardResume);
    discord.gateway.cut();
    ann.says(guild.general, 'meanwhile 1');
    ann.says(guild.general, 'meanwhile 2');
    await resumed;
    ann.says(guild.general, 'after');
    await hears('after');
    expect(heard).toEqual(['before', 'meanwhile 1', 'meanwhile 2', 'after']);
    expect(discord.gateway.identifies.all).toHaveLength(1);
  });

  test('can be followed by the same events again and twice', async () => {
    const { discord, guild, ann, client, hears } = await listening();
    const raw: string[] = [];
    client.on(Events.Raw, ({ t, d }: { t: string; d?: { content?: string } }) => {
      if (t === 'MESSAGE_CREATE') raw.push(d?.content ?? '');
    });
    ann.says(guild.general, 'before');
    await hears('before');
    discord.gateway.onNextResume({ rewind: 1, times: 2 });
    const resumed = next(client, Events.ShardResume);
    discord.gateway.cut({ code: GatewayCloseCodes.UnknownError });
    ann.says(guild.general, 'meanwhile');
    await resumed;
    // The client itself may pass an event that it knows before one that is new to it.
    expect(raw.toSorted()).toEqual(['before', 'before', 'before', 'meanwhile', 'meanwhile']);
  });

  test('is resumed when Discord asks to reconnect', async () => {
    const { discord, client } = await listening();
    const resumed = next(client, Events.ShardResume);
    discord.gateway.askToReconnect();
    await resumed;
    expect(discord.gateway.resumes.all).toHaveLength(1);
  });

  test('is followed by a new session when the old one is no longer valid', async () => {
    const { discord, guild, ann, heard, hears } = await listening();
    discord.gateway.invalidateSession({ resumable: false });
    ann.says(guild.general, 'lost');
    await discord.gateway.identifies.take();
    ann.says(guild.general, 'after');
    await hears('after');
    expect(heard).toEqual(['after']);
  });

  test('is followed by a new session when Discord has forgotten the old one', async () => {
    const { discord, guild, ann, heard, hears } = await listening();
    discord.gateway.forgetSessions();
    discord.gateway.cut();
    await discord.gateway.resumes.take();
    await discord.gateway.identifies.take();
    ann.says(guild.general, 'after');
    await hears('after');
    expect(heard).toEqual(['after']);
  });

  test('is tried again while the gateway lets nobody in', async () => {
    const { discord, client } = await listening();
    const tries: unknown[] = [];
    const failing = Promise.withResolvers<void>();
    client.on(Events.ShardError, (error) => {
      tries.push(error);
      failing.resolve();
    });
    discord.gateway.refusesConnections = true;
    const resumed = next(client, Events.ShardResume);
    discord.gateway.cut();
    await failing.promise;
    discord.gateway.refusesConnections = false;
    await resumed;
    expect(tries.length).toBeGreaterThan(0);
  });
});

describe('heartbeats', () => {
  test('are acknowledged', async () => {
    const discord = await startStandIn({ heartbeatMs: 50 });
    const client = await loggedIn(discord);
    await discord.gateway.heartbeats.take();
    await discord.gateway.heartbeats.take();
    expect(client.ws.ping).toBeGreaterThanOrEqual(0);
    expect(discord.gateway.resumes.all).toEqual([]);
  });

  test('that nobody acknowledges make the client resume', async () => {
    const discord = await startStandIn({ heartbeatMs: 50 });
    const client = await loggedIn(discord);
    const resumed = next(client, Events.ShardResume);
    discord.gateway.withholdsAcks = true;
    await discord.gateway.resumes.find();
    discord.gateway.withholdsAcks = false;
    await resumed;
  });

  test('are sent at once when Discord asks for one', async () => {
    const discord = await startStandIn();
    await loggedIn(discord);
    discord.gateway.askForHeartbeat();
    await discord.gateway.heartbeats.take();
  });
});

describe('a client that does not keep to the protocol', () => {
  const identify = (changes: object = {}) => ({
    op: 2,
    d: { token: 'a-token-of.the-stand.in', intents: 0, properties: {}, ...changes },
  });
  const breaches: readonly {
    what: string;
    says: readonly unknown[];
    code: GatewayCloseCodes;
    query?: string;
  }[] = [
    { what: 'speaks another version', says: [], code: GatewayCloseCodes.InvalidAPIVersion, query: 'v=9' },
    { what: 'sends what is no payload', says: ['x'], code: GatewayCloseCodes.DecodeError },
    {
      what: 'sends an unknown kind of payload',
      says: [{ op: 42, d: {} }],
      code: GatewayCloseCodes.UnknownOpcode,
    },
    {
      what: 'speaks before it identifies',
      says: [{ op: 3, d: {} }],
      code: GatewayCloseCodes.NotAuthenticated,
    },
    {
      what: 'identifies twice',
      says: [identify(), identify()],
      code: GatewayCloseCodes.AlreadyAuthenticated,
    },
    {
      what: 'asks for intents that are none',
      says: [identify({ intents: 1 << 30 })],
      code: GatewayCloseCodes.InvalidIntents,
    },
    {
      what: 'is a shard too many',
      says: [identify({ shard: [1, 1] })],
      code: GatewayCloseCodes.InvalidShard,
    },
    {
      what: 'talks too much',
      says: Array(121).fill({ op: 1, d: null }),
      code: GatewayCloseCodes.RateLimited,
    },
  ];

  test.each(breaches)('and $what is shut out with $code', async ({ says, code, query = 'v=10' }) => {
    const discord = await startStandIn();
    const socket = new WebSocket(`${discord.gateway.url}?${query}&encoding=json`);
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.on('open', () => {
      for (const payload of says) socket.send(JSON.stringify(payload));
    });
    expect(await closed).toBe(code);
  });

  test('is shut out when it resumes from the future', async () => {
    const discord = await startStandIn();
    const client = await loggedIn(discord);
    const raw = next(client, Events.ShardResume);
    discord.gateway.cut();
    await raw;
    const resume = discord.gateway.resumes.all[0];
    const socket = new WebSocket(`${discord.gateway.url}?v=10&encoding=json`);
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.on('open', () => socket.send(JSON.stringify({ op: 6, d: { ...resume, seq: 1_000 } })));
    expect(await closed).toBe(GatewayCloseCodes.InvalidSeq);
  });
});
