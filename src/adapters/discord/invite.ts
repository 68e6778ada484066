import { OAuth2Scopes, REST, Routes } from 'discord.js';
import { z } from 'zod';
import { languages } from '../../domain/languages/languages.ts';
import { Refusal } from '../../domain/refusal.ts';
import { whyNot } from './login.ts';
import { allNeededPermissions, neededPermissions } from './needed-permissions.ts';

const AUTHORIZATION = 'https://discord.com/oauth2/authorize';

const Application = z.object({ id: z.string().regex(/^\d+$/), name: z.string() });

/**
 * For the operator: the link that brings the bot into a guild, and what it asks for there.
 * @param api without the version
 * @throws Refusal where Discord does not say whose token it is
 */
export async function describeInvite(token: string, api: string): Promise<string> {
  const { id, name } = await applicationOf(token, api);
  const permissions = neededPermissions.map(({ key }) => {
    const words = languages.en.discord.permissions[key];
    return `  ${words.name}: ${words.purpose}\n`;
  });
  return [
    `Whoever may manage a server can bring ${shownName(name)} into it with this link:\n`,
    `${inviteLink(id)}\n`,
    'It asks for slash commands, and for these permissions:\n',
    ...permissions,
  ].join('');
}

function inviteLink(application: string): string {
  const url = new URL(AUTHORIZATION);
  url.searchParams.set('client_id', application);
  url.searchParams.set('scope', [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands].join(' '));
  url.searchParams.set('permissions', String(allNeededPermissions));
  return url.href;
}

async function applicationOf(token: string, api: string): Promise<z.infer<typeof Application>> {
  const rest = new REST({ api }).setToken(token);
  let answer: unknown;
  try {
    answer = await rest.get(Routes.currentApplication());
  } catch (error) {
    throw whyNot(error, api);
  } finally {
    rest.clearHandlerSweeper();
    rest.clearHashSweeper();
  }
  const application = Application.safeParse(answer);
  if (application.success) return application.data;
  throw new Refusal(`What answers at ${api} does not speak Discord's API; check DISCORD_API_URL.`);
}

/** On one line of a terminal. */
function shownName(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}]/gu, '');
}
