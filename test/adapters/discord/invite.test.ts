import { PermissionFlagsBits, PermissionsBitField } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { runHere } from '../../program.ts';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';

function invite(env: Readonly<Record<string, string>>) {
  return runHere(['discord', 'invite'], env);
}

describe('discord invite', () => {
  it('prints the link for the bot that the token belongs to, and every permission that it asks for', async () => {
    const discord = await startStandIn();
    const { code, stdout, stderr } = await invite({
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const url = new URL(/https:\S+/.exec(stdout)?.[0] ?? '');
    expect(url.origin + url.pathname).toBe('https://discord.com/oauth2/authorize');
    expect(url.searchParams.get('client_id')).toBe(discord.applicationId);
    expect(url.searchParams.get('scope')).toBe('bot applications.commands');
    expect(new PermissionsBitField(BigInt(url.searchParams.get('permissions') ?? '')).toArray()).toEqual(
      new PermissionsBitField([
        PermissionFlagsBits.ViewChannel,
        PermissionFlagsBits.SendMessages,
        PermissionFlagsBits.SendMessagesInThreads,
        PermissionFlagsBits.AttachFiles,
        PermissionFlagsBits.ReadMessageHistory,
        PermissionFlagsBits.Connect,
        PermissionFlagsBits.Speak,
      ]).toArray(),
    );
    for (const name of [
      'View Channels',
      'Send Messages',
      'Send Messages in Threads',
      'Attach Files',
      'Read Message History',
      'Connect',
      'Speak',
    ]) {
      expect(stdout).toContain(`  ${name}: `);
    }
    expect(stdout).not.toContain(discord.token);
  });

  it('says in one sentence that a token is wrong', async () => {
    const discord = await startStandIn({}, { lawful: false });
    const wrong = await invite({ DISCORD_TOKEN: 'wrong.secret.token', DISCORD_API_URL: discord.apiUrl });
    expect(wrong).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'Discord does not accept the token in DISCORD_TOKEN; copy it anew from the developer portal.\n',
    });
  });

  it('says in one sentence that a token is missing', async () => {
    const missing = await invite({});
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toMatch(/^DISCORD_TOKEN is not set, [^.]*; set it [^\n]*\.env\.\n$/);
  });

  it('says in one sentence that Discord is not there', async () => {
    const down = await invite({ DISCORD_TOKEN: 'a.secret.token', DISCORD_API_URL: 'http://127.0.0.1:9/api' });
    expect(down).toMatchObject({ code: 1, stdout: '' });
    expect(down.stderr).toMatch(/^Discord cannot be reached at [^\n]*DISCORD_API_URL\.\n$/);
  });
});
