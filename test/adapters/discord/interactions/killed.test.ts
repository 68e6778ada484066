import { join } from 'node:path';
import { InteractionResponseType, REST, Routes } from 'discord.js';
import { expect, test } from 'vitest';
import { Inbox } from '../../../../src/adapters/discord/inbox.ts';
import { startStandIn } from '../../../stand-ins/discord/real-client.ts';
import { startBot, temporaryDirectory } from '../running-bot.ts';

/** A bot that was killed when it had only just recorded what somebody wanted. */
async function killedAfterRecording() {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const ann = guild.addMember('Ann');
  const directory = temporaryDirectory();
  const before = await startBot({ discord, directory });
  await expect.poll(() => ann.seesCommands().length).toBeGreaterThan(0);
  await before.stop();
  const used = ann.uses('feedback', { text: 'It is good.' });
  const { id, token } = used.record;
  const inbox = new Inbox(join(directory, 'discord.sqlite'));
  inbox.record(
    {
      id,
      input: { kind: 'command', name: 'feedback', options: { text: 'It is good.' } },
      actor: { id: ann.id, manager: false, roles: [] },
      scope: guild.id,
      channel: guild.general.id,
      origin: 'interaction',
      surface: 'discord',
      locale: 'en-US',
      attachments: [],
    },
    {
      kind: 'interaction',
      application: discord.applicationId,
      interaction: id,
      token,
      isPrivate: false,
      deferred: 'reply',
      at: Date.now(),
    },
    Date.now(),
  );
  inbox.close();
  return { discord, directory, used };
}

const isFeedback = ({ type }: { readonly type: string }) => type === 'FeedbackGiven';

test('what Discord had been told is carried out after the restart, once', async () => {
  const { discord, directory, used } = await killedAfterRecording();
  const { id, token } = used.record;
  await new REST({ api: discord.apiUrl }).post(Routes.interactionCallback(id, token), {
    body: { type: InteractionResponseType.DeferredChannelMessageWithSource },
    auth: false,
  });
  const first = await startBot({ discord, directory });
  expect((await used.reply()).content).not.toBe('');
  await first.stop();
  const { events } = await startBot({ discord, directory });
  expect((await events()).filter(isFeedback)).toHaveLength(1);
});

test('what Discord had not been told is carried out after the restart, if somebody still waits for it', async () => {
  const { discord, directory, used } = await killedAfterRecording();
  await startBot({ discord, directory });
  expect((await used.reply()).content).not.toBe('');
});

test('what nobody waits for any more is not carried out after the restart', async () => {
  const { discord, directory, used } = await killedAfterRecording();
  discord.clock.advance(3_001);
  const { events } = await startBot({ discord, directory });
  expect(await used.refusal()).toContain('Unknown interaction');
  const inbox = new Inbox(join(directory, 'discord.sqlite'));
  await expect.poll(() => inbox.isSettled(used.record.id)).toBe(true);
  inbox.close();
  expect((await events()).filter(isFeedback)).toEqual([]);
});
