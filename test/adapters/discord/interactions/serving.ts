import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Answering } from '../../../../src/adapters/discord/answering.ts';
import { Inbox } from '../../../../src/adapters/discord/inbox.ts';
import type { Dependencies } from '../../../../src/adapters/discord/interactions/dependencies.ts';
import { handleInteractions } from '../../../../src/adapters/discord/interactions/handle-interactions.ts';
import { registerCommands } from '../../../../src/adapters/discord/interactions/registration.ts';
import { Posting } from '../../../../src/adapters/discord/posting.ts';
import { Typing } from '../../../../src/adapters/discord/typing.ts';
import { openWorkspace } from '../../../../src/adapters/files/workspace.ts';
import { loggedIn, startStandIn } from '../../../stand-ins/discord/real-client.ts';
import { command, FakeBot, option } from './fake-bot.ts';
import { RecordedLog } from './recorded-log.ts';

const usual = [
  command('feedback', { options: [option('answer'), option('text')] }),
  command('correct', { options: [option('answer'), option('text')] }),
  command('list', { options: [option('before')] }),
  command('secret', { isPrivate: true, options: [option('before')] }),
  command('history', { isPrivate: true, options: [option('id')] }),
  command('promote', { right: 'trainer', options: [option('model')] }),
];

/** The real discord.js and everything that answers interactions, with a bot that does what a test wants. */
export async function serving(
  commands = usual,
  { lawful = true, ...instead }: Partial<Dependencies> & { readonly lawful?: boolean } = {},
) {
  const discord = await startStandIn({}, { lawful });
  const guild = discord.createGuild('Trainers');
  const ann = guild.addMember('Ann');
  const ben = guild.addMember('Ben');
  const client = await loggedIn(discord);
  const directory = await mkdtemp(join(tmpdir(), 'interactions-'));
  const log = new RecordedLog();
  const bot = new FakeBot(commands);
  const stop = new AbortController();
  const inbox = new Inbox(join(directory, 'discord.sqlite'));
  const now = () => discord.clock.now;
  const answering = new Answering({
    bot,
    inbox,
    posting: new Posting({ rest: client.rest, bot: () => client.user.id, now }),
    typing: new Typing(client.rest),
    workspace: openWorkspace(directory),
    openFiles: () => [],
    maxFileBytes: () => 2 ** 20,
    prefixFor: () => null,
    mayRead: () => async () => false,
    talking: () => null,
    language: 'en',
    log,
    now,
    stop: stop.signal,
  });
  const limits = { take: async () => 'go' as const };
  const usual = {
    bot,
    answering,
    log,
    language: 'en',
    now,
    rateLimits: limits,
    typingLimits: limits,
  } as const;
  handleInteractions(client, { ...usual, ...instead });
  await registerCommands(client, { bot, log });
  const rejected: unknown[] = [];
  const onRejection = (reason: unknown) => rejected.push(reason);
  process.on('unhandledRejection', onRejection);
  onTestFinished(async () => {
    process.off('unhandledRejection', onRejection);
    stop.abort();
    await answering.finished(5_000);
    inbox.close();
    await rm(directory, { recursive: true });
  });
  return { discord, guild, ann, ben, client, bot, log, rejected };
}
