import { once } from 'node:events';
import { type Client, RESTEvents, Routes } from 'discord.js';
import { expect, test } from 'vitest';
import { loggedIn, realClient, startStandIn } from './real-client.ts';

const POST_MESSAGE = 'POST /channels/:channel/messages';

async function sending(options?: Parameters<typeof loggedIn>[1]) {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const client = await loggedIn(discord, options);
  const channel = await client.channels.fetch(guild.general.id);
  if (channel?.isSendable() !== true) throw new Error('One can write there.');
  return { discord, guild, client, channel };
}

const texts = (guild: Awaited<ReturnType<typeof sending>>['guild']) =>
  guild.general.messages.map(({ content }) => content);

test('a limit of a route is waited for', async () => {
  const { discord, guild, client, channel } = await sending();
  discord.rest.rateLimits.set(POST_MESSAGE, { requests: 2, perMs: 200 });
  const limited = once(client.rest, RESTEvents.RateLimited);
  await Promise.all(['1', '2', '3'].map((text) => channel.send(text)));
  expect((await limited)[0]).toMatchObject({ global: false, limit: 2 });
  expect(texts(guild)).toEqual(['1', '2', '3']);
  expect(discord.rest.exchanges.all.filter(({ status }) => status === 429)).toEqual([]);
});

test('a 429 out of the blue is waited for and tried again, for one route and for all', async () => {
  const { discord, guild, channel } = await sending();
  for (const scope of ['user', 'global', 'shared'] as const) {
    discord.rest.faults.rateLimit(POST_MESSAGE, { retryAfterMs: 30, scope });
    await channel.send(scope);
  }
  expect(texts(guild)).toEqual(['user', 'global', 'shared']);
});

test('the limit of everything together holds', async () => {
  const { discord, client } = await sending();
  discord.rest.rateLimits.setGlobal({ requests: 1, perMs: 100 });
  await Promise.all([
    client.rest.get(Routes.user()),
    client.rest.get(Routes.userGuilds()),
    client.rest.get(Routes.currentApplication()),
  ]);
  expect(discord.rest.exchanges.all.some(({ status }) => status === 429)).toBe(true);
});

test('the numbers last seen at Discord can be switched on', async () => {
  const { discord, guild } = await sending();
  discord.rest.rateLimits.likeDiscord();
  const post = () =>
    fetch(`${discord.apiUrl}/v10${Routes.channelMessages(guild.general.id)}`, {
      method: 'POST',
      headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'x' }),
    });
  for (const remaining of [4, 3, 2, 1, 0]) {
    const { status, headers } = await post();
    expect([status, headers.get('x-ratelimit-remaining')]).toEqual([200, String(remaining)]);
  }
  const refused = await post();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('x-ratelimit-scope')).toBe('user');
  expect(await refused.json()).toMatchObject({
    message: 'You are being rate limited.',
    global: false,
    retry_after: Number(refused.headers.get('retry-after')),
  });
});

test('errors of the server are tried again, and given up in the end', async () => {
  const { discord, guild, channel } = await sending();
  discord.rest.faults.fail(POST_MESSAGE, { status: 502, times: 3 });
  await channel.send('the fourth try');
  discord.rest.faults.fail(POST_MESSAGE, { times: 4 });
  await expect(channel.send('lost')).rejects.toMatchObject({ status: 500 });
  expect(texts(guild)).toEqual(['the fourth try']);
});

test('a connection can be closed, politely or not', async () => {
  const { discord, guild, channel } = await sending();
  discord.rest.faults.hangUp(POST_MESSAGE);
  await expect(channel.send('lost')).rejects.toThrow('other side closed');
  discord.rest.faults.hangUp(POST_MESSAGE, { reset: true });
  await channel.send('tried again');
  expect(texts(guild)).toEqual(['tried again']);
});

test('an answer can be held up', async () => {
  const { discord, guild, channel } = await sending();
  const held = discord.rest.faults.hold(POST_MESSAGE);
  const sent = channel.send('slow');
  await held.reached;
  expect(texts(guild)).toEqual([]);
  held.release();
  await sent;
  expect(texts(guild)).toEqual(['slow']);
});

test('a fault for a route that is none is a mistake of the test', async () => {
  const { discord } = await sending();
  expect(() => discord.rest.faults.fail('POST /channels/:id/messages')).toThrow('has no route');
});

test('what is not known is not found, and fails the test', async () => {
  const discord = await startStandIn({}, { lawful: false });
  const client = await loggedIn(discord);
  await expect(client.rest.get('/no/such/thing')).rejects.toMatchObject({ status: 404, code: 0 });
  await expect(client.rest.post('/channels/1/messages', { body: { poll: {} } })).rejects.toMatchObject({
    code: 10003,
  });
  expect(discord.unexpected).toEqual(['GET /api/v10/no/such/thing: there is no such route']);
  expect(() => discord.assertContract()).toThrow('there is no such route');
});

test('what the stand-in does not know of a known thing fails the test too', async () => {
  const discord = await startStandIn({}, { lawful: false });
  const guild = discord.createGuild('Trainers');
  const client = await loggedIn(discord);
  const poll = { question: { text: 'x' }, answers: [] };
  await expect(send(client, guild.general.id, { poll })).rejects.toThrow();
  expect(discord.unexpected).toEqual([expect.stringContaining('messages with poll')]);
});

test('without a token, or for another version, nothing is told', async () => {
  const discord = await startStandIn();
  const { rest } = realClient(discord);
  await expect(rest.get(Routes.user(), { auth: false })).rejects.toMatchObject({ status: 401 });
  const response = await fetch(`${discord.apiUrl}/v9/users/@me`);
  expect(await response.json()).toMatchObject({ code: 50041 });
  const broken = await fetch(`${discord.apiUrl}/v10/users/@me/channels`, {
    method: 'POST',
    headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
    body: '{',
  });
  expect(await broken.json()).toMatchObject({ code: 50109 });
});

async function send(client: Client, id: string, body: object): Promise<void> {
  await client.rest.post(Routes.channelMessages(id), { body });
}
