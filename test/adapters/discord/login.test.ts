import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayCloseCodes } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Program, ProgramHere, runHere } from '../../program.ts';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import type { StandInDiscord } from '../../stand-ins/discord/stand-in-discord.ts';
import { startBot } from './running-bot.ts';

const TOKEN = 'bm90LWEtcmVhbC10b2tlbg.none.of-anybody';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'training-ledger-login-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function settings({ apiUrl, cdnUrl }: Pick<StandInDiscord, 'apiUrl' | 'cdnUrl'>, token = TOKEN) {
  return { DISCORD_TOKEN: token, DISCORD_API_URL: apiUrl, DISCORD_CDN_URL: cdnUrl };
}

function startHere(discord: StandInDiscord, token?: string): ProgramHere {
  return new ProgramHere(['--data-dir', cwd], settings(discord, token));
}

async function connected(program: Pick<Program, 'stderr'>): Promise<void> {
  await vi.waitFor(() => expect(program.stderr).toContain('connected to Discord'), { timeout: 15_000 });
}

describe('the program with DISCORD_TOKEN set', () => {
  it('runs on Discord, and ends with 0 when it is told to stop', async () => {
    const discord = await startStandIn();
    const guild = discord.createGuild('Trainers');
    const ann = guild.addMember('Ann');
    const program = startHere(discord, discord.token);
    await connected(program);
    ann.says(guild.general, `${discord.botMention} When does the harbour open?`);
    expect((await guild.general.nextMessage()).content).toContain('I have not learned');
    const { code, stdout, stderr } = await program.stop();
    expect([code, stdout]).toEqual([0, '']);
    for (const line of stderr.trimEnd().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ level: 'info' });
    expect(stderr).not.toContain(discord.token);
  });

  it('still opens the console where that is asked for', async () => {
    const env = { DISCORD_TOKEN: TOKEN, DISCORD_API_URL: 'http://127.0.0.1:1/api' };
    const { code, stdout, stderr } = await runHere(['console', '--data-dir', cwd], env, '!hi\n');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Hello');
  });

  it('ends with one sentence for a wrong token', async () => {
    const env = settings(await startStandIn());
    expect(await runHere(['--data-dir', cwd], env)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'Discord does not accept the token in DISCORD_TOKEN; copy it anew from the developer portal.\n',
    });
  });

  it('ends with one sentence after the log where its token is taken away while it runs', async () => {
    const discord = await startStandIn({ token: TOKEN });
    const program = startHere(discord);
    await connected(program);
    await vi.waitFor(() => expect(program.stderr).toContain('commands registered'));
    discord.token = 'another';
    discord.gateway.cut({ code: GatewayCloseCodes.AuthenticationFailed });
    const { code, stderr } = await program.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/\nDiscord does not accept the token in DISCORD_TOKEN; [^\n]*\.\n$/);
    expect(stderr).not.toContain('    at ');
  });

  it('never writes its token, whatever becomes of it', async () => {
    const discord = await startStandIn({ token: TOKEN });
    const guild = discord.createGuild('Trainers');
    const ann = guild.addMember('Ann');
    const program = new Program([], { cwd, env: settings(discord) });
    await connected(program);
    discord.rest.faults.fail('POST /channels/:channel/messages', { status: 500, times: 8 });
    ann.says(guild.general, `${discord.botMention} ${TOKEN}?`);
    await guild.general.nextMessage();
    discord.gateway.cut();
    await discord.gateway.resumes.take();
    program.child.kill('SIGTERM');
    const { code, stdout, stderr } = await program.ended;
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).not.toContain(TOKEN);
    const shown = await runHere(['config'], { DISCORD_TOKEN: TOKEN });
    expect(shown.stdout).toContain('DISCORD_TOKEN=********');
    expect(shown.stdout + shown.stderr).not.toContain(TOKEN);
  });
});

describe('a login', () => {
  it('that is broken off ends without a word', async () => {
    const discord = await startStandIn();
    const held = discord.rest.faults.hold('GET /gateway/bot');
    const program = startHere(discord, discord.token);
    await held.reached;
    expect(await program.stop()).toMatchObject({ code: 0, stdout: '', stderr: '' });
    held.release();
  });

  it('that comes in after it was broken off is left again, and nothing is done there', async () => {
    const discord = await startStandIn();
    discord.createGuild('New');
    const held = discord.rest.faults.hold('GET /gateway/bot');
    const program = startHere(discord, discord.token);
    await held.reached;
    await program.stop();
    held.release();
    await discord.gateway.identifies.take();
    await discord.gateway.closes.take();
    expect(discord.rest.exchanges.all.map(({ route }) => route)).toEqual(['GET /gateway/bot']);
  });

  it('ends with one sentence where the server is down', async () => {
    const discord = await startStandIn();
    const servers = { api: 'http://127.0.0.1:1/api', cdn: 'http://127.0.0.1:1' };
    await expect(startBot({ discord, discordOptions: { servers } })).rejects.toThrow(
      'Discord cannot be reached at http://127.0.0.1:1/api (ECONNREFUSED); check the network and DISCORD_API_URL.',
    );
  });

  it('ends with one sentence where something else answers', async () => {
    const discord = await startStandIn({}, { lawful: false });
    const servers = { api: `${discord.apiUrl}/of-another-kind`, cdn: discord.cdnUrl };
    await expect(startBot({ discord, discordOptions: { servers } })).rejects.toThrow(
      /^What answers at http:\S+ does not speak Discord's API \(status 404\); check DISCORD_API_URL\.$/,
    );
  });

  it.each([
    [
      'the intents that it needs',
      GatewayCloseCodes.DisallowedIntents,
      /^Discord does not grant the bot the intents that it needs \(close code 4014\)[^\n]*\.$/,
    ],
    [
      'one connection for so many guilds',
      GatewayCloseCodes.ShardingRequired,
      /^The bot is in so many guilds [^\n]*\.$/,
    ],
  ])('ends with one sentence where it is not granted %s', async (_, close, sentence) => {
    const discord = await startStandIn();
    discord.gateway.refuseNextIdentify(close);
    discord.gateway.refuseNextIdentify(close);
    await expect(startBot({ discord })).rejects.toThrow(sentence);
  });

  it('that the gateway refuses ends with one sentence', async () => {
    const discord = await startStandIn();
    discord.gateway.refusesConnections = true;
    await expect(startBot({ discord })).rejects.toThrow(
      /^Discord cannot be reached at http:[^\n]* \([^\n]*503\); check [^\n]*\.$/,
    );
  });

  it('is told of by what the bot is and where', async () => {
    const { log, discord } = await startBot();
    expect(log.all.find(({ what }) => what === 'connected to Discord')?.facts).toMatchObject({
      bot: discord.botMention.replace(/\D/g, ''),
    });
  });
});
