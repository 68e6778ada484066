import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Events, GatewayIntentBits } from 'discord.js';
import OpenAI from 'openai';
import { runDiscord } from '../src/adapters/discord/surface.ts';
import { createExampleReader } from '../src/adapters/files/example-reader.ts';
import { openVault } from '../src/adapters/files/vault.ts';
import { openWorkspace } from '../src/adapters/files/workspace.ts';
import { openSqliteLedger } from '../src/adapters/ledger/sqlite.ts';
import { createEmbeddedTrainer } from '../src/adapters/models/embedded/trainer.ts';
import { createOpenAiModel } from '../src/adapters/models/openai/model.ts';
import { createBot } from '../src/bot/bot.ts';
import { ownershipTiming } from '../src/bot/processes/ownership.ts';
import { openReadModels } from '../src/projections/projector.ts';
import type { StandInDiscord } from '../test/stand-ins/discord/stand-in-discord.ts';
import type { StandInOpenAI } from '../test/stand-ins/openai/stand-in-openai.ts';

export const MODEL = 'gpt-4o-mini';

export interface Servers {
  readonly discord: StandInDiscord;
  readonly openai: StandInOpenAI;
}

/** Our bot over real files, with a model on a server. */
export async function startOurs({ discord, openai }: Servers): Promise<AsyncDisposable> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-growing-'));
  const ledger = await openSqliteLedger({ file: join(directory, 'ledger.sqlite') });
  const readModels = await openReadModels({ file: join(directory, 'read-models.sqlite'), ledger });
  const vault = openVault(join(directory, 'vault'));
  const workspace = openWorkspace(directory);
  const bot = await createBot(
    {
      ledger,
      readModels,
      clock: { now: () => new Date() },
      vault,
      workspace,
      exampleReader: createExampleReader(),
      providers: [
        {
          chatModel: createOpenAiModel({
            endpoint: {
              baseUrl: openai.url,
              apiKey: openai.key,
              keyVariable: 'OPENAI_API_KEY',
              timeoutMs: 60_000,
              retries: 2,
            },
            streams: true,
            window: 128_000,
            answerTokens: null,
            safetyKey: null,
            moderationModel: null,
            prices: {},
            currency: 'USD',
          }),
          trainer: { ...createEmbeddedTrainer({ vault }), baseModel: MODEL },
        },
      ],
      transcriber: null,
      soundDecoder: null,
      process: { id: 'this-process', isAlone: true, timing: ownershipTiming(60_000) },
      reportFault: (fault) => console.error(fault),
    },
    {
      prefix: '!',
      contextTurns: 0,
      conversationGapMinutes: 30,
      instructions: { source: 'built-in' },
      language: 'en',
    },
  );
  const leaving = new AbortController();
  const ended = runDiscord({
    bot,
    workspace,
    token: discord.token,
    servers: { api: discord.apiUrl, cdn: discord.cdnUrl },
    channels: [],
    language: 'en',
    voice: null,
    inboxFile: join(directory, 'discord.sqlite'),
    log: {
      info: () => {},
      warn: (...said) => console.error(...said),
      error: (...said) => console.error(...said),
    },
    watch: () => {},
    now: () => Date.now(),
    signal: leaving.signal,
  });
  return {
    [Symbol.asyncDispose]: async () => {
      leaving.abort();
      await ended;
      await bot.close();
      await readModels.close();
      await ledger.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The reference: discord.js and the `openai` client, which reply as soon as there is something, and nothing else. */
export async function startBare({ discord, openai }: Servers): Promise<AsyncDisposable> {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
    rest: { api: discord.apiUrl },
  });
  const server = new OpenAI({ baseURL: openai.url, apiKey: openai.key });
  client.on(Events.MessageCreate, async (message) => {
    if (message.author.bot) return;
    const stream = await server.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: message.content }],
      stream: true,
    });
    let text = '';
    let replied = false;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      if (replied || text === '') continue;
      replied = true;
      await message.reply(text);
    }
  });
  await client.login(discord.token);
  return { [Symbol.asyncDispose]: () => client.destroy() };
}
