import { Client } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { loggedIn, startStandIn } from './real-client.ts';
import { Contract } from './rest/contract.ts';

const contract = Contract.load();
if (contract === null) console.warn(Contract.absence);

describe.skipIf(contract === null)("Discord's own description of its API", () => {
  const exchange = {
    route: 'POST /channels/:channel/messages',
    path: '/channels/1/messages',
    query: new URLSearchParams(),
    body: { content: 'x' },
    files: [],
    status: 404,
    answer: { code: 10003, message: 'Unknown Channel' },
  } as const;

  test('has nothing against what is right', () => {
    expect(contract?.failuresOf(exchange)).toEqual([]);
  });

  test('finds a wrong request, a wrong answer and a wrong route', () => {
    expect(contract?.failuresOf({ ...exchange, status: 200, body: { content: 1 }, answer: {} })).toEqual([
      expect.stringMatching(
        /^POST \/channels\/\{channel_id\}\/messages, request: body\/content must be string/,
      ),
      expect.stringMatching(/200 answer: body must have required property/),
    ]);
    expect(contract?.failuresOf({ ...exchange, answer: { code: 'x' } })).toHaveLength(1);
    expect(contract?.failuresOf({ ...exchange, path: '/channels' })).toEqual([
      "POST /channels/:channel/messages: Discord's description has no such operation.",
    ]);
  });

  test('takes the fixed parts of a path for what they are', () => {
    expect(
      contract?.failuresOf({
        ...exchange,
        route: 'PATCH /webhooks/:app/:token/messages/:message',
        path: '/webhooks/1/abc/messages/@original',
      }),
    ).toEqual([]);
  });

  test('fails a test in which something was wrong', async () => {
    const discord = await startStandIn({}, { lawful: false });
    const guild = discord.createGuild('Trainers');
    const client = await loggedIn(discord);
    expect(client).toBeInstanceOf(Client);
    // An integer is taken for a colour by the stand-in and by Discord, a text as a number by neither.
    await client.rest.post(`/channels/${guild.general.id}/messages`, {
      body: { content: 'x', mood: 'fine' },
    });
    expect(() => discord.assertContract()).not.toThrow();
    discord.rest.exchanges.add({ ...exchange, status: 200, answer: { id: 1 } });
    expect(() => discord.assertContract()).toThrow('Not as Discord has it:');
  });
});
