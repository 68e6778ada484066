import { setTimeout as pause } from 'node:timers/promises';
import { type Client, DiscordAPIError, Events, GatewayCloseCodes, HTTPError } from 'discord.js';
import { Refusal } from '../../domain/refusal.ts';
import { stopListening } from './stop-listening.ts';

const PATIENCE_MS = 30_000;

export interface LoginOptions<Opened extends { readonly client: Client }> {
  readonly token: string;
  /** For the sentence that says that nobody answers there. */
  readonly api: string;
  /** Makes a client and whatever listens to it. */
  readonly open: (intents: { readonly readsContent: boolean }) => Opened;
  readonly signal: AbortSignal;
}

/**
 * Connects, with the Message Content intent where Discord grants it and without it otherwise.
 * @returns null where the signal fired before
 * @throws Refusal with the reason, for the operator
 */
export async function logIn<Opened extends { readonly client: Client }>(
  options: LoginOptions<Opened>,
): Promise<{
  readonly opened: Opened;
  readonly client: Client<true>;
  readonly readsContent: boolean;
} | null> {
  for (const readsContent of [true, false]) {
    const opened = options.open({ readsContent });
    const outcome = await attempt(opened.client, options);
    if (outcome.kind === 'stopped') return null;
    if (outcome.kind === 'ready') return { opened, client: outcome.client, readsContent };
    if (!readsContent || outcome.code !== GatewayCloseCodes.DisallowedIntents) throw closedFor(outcome.code);
  }
  throw closedFor(GatewayCloseCodes.DisallowedIntents);
}

type Outcome =
  | { readonly kind: 'ready'; readonly client: Client<true> }
  | { readonly kind: 'closed'; readonly code: number }
  | { readonly kind: 'stopped' };

async function attempt(
  client: Client,
  { token, api, signal }: Omit<LoginOptions<{ readonly client: Client }>, 'open'>,
): Promise<Outcome> {
  const over = new AbortController();
  const closed = Promise.withResolvers<Outcome>();
  const ready = Promise.withResolvers<Outcome>();
  const stopped = Promise.withResolvers<Outcome>();
  const unreachable = Promise.withResolvers<never>();
  unreachable.promise.catch(() => undefined);
  client.once(Events.ClientReady, (readyClient) => ready.resolve({ kind: 'ready', client: readyClient }));
  client.once(Events.ShardDisconnect, ({ code }) => closed.resolve({ kind: 'closed', code }));
  client.once(Events.ShardError, (error) => unreachable.reject(whyNot(error, api)));
  const stop = () => stopped.resolve({ kind: 'stopped' });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const connecting = client.login(token);
  const login = connecting.then(
    () => ready.promise,
    // The code with which the gateway closed says more than what became of it.
    async (error: unknown) => Promise.race([closed.promise, Promise.reject(whyNot(error, api))]),
  );
  const late = pause(PATIENCE_MS, undefined, { signal: over.signal }).then(() => {
    throw new Refusal(
      `Discord's gateway did not let the bot in within ${PATIENCE_MS / 1000} seconds; check the network, or try again later.`,
    );
  });
  late.catch(() => undefined);
  const leave = async () => {
    stopListening(client);
    const end = () => client.destroy();
    // As long as it has no shards, discord.js ends nothing: it would come in later, and then stay.
    if (client.ws.shards.size === 0) connecting.then(end, end).catch(() => undefined);
    else await end();
  };
  try {
    const outcome = await Promise.race([closed.promise, unreachable.promise, login, stopped.promise, late]);
    if (outcome.kind !== 'ready') await leave();
    return outcome;
  } catch (error) {
    await leave();
    throw error;
  } finally {
    login.catch(() => undefined);
    over.abort();
    signal.removeEventListener('abort', stop);
  }
}

/** Why the gateway does not let the bot in, or no longer: for the operator. */
export function closedFor(code: number): Refusal {
  switch (code) {
    case GatewayCloseCodes.AuthenticationFailed:
      return wrongToken();
    case GatewayCloseCodes.DisallowedIntents:
      return new Refusal(
        'Discord does not grant the bot the intents that it needs (close code 4014); switch them on for it in the developer portal.',
      );
    case GatewayCloseCodes.ShardingRequired:
      return new Refusal(
        'The bot is in so many guilds that Discord asks for several connections (close code 4011); start it with --shards auto.',
      );
    default:
      return new Refusal(`Discord's gateway does not let the bot in (close code ${code}).`);
  }
}

function wrongToken(): Refusal {
  return new Refusal(
    'Discord does not accept the token in DISCORD_TOKEN; copy it anew from the developer portal.',
  );
}

/** Why a request to Discord failed: for the operator. */
export function whyNot(error: unknown, api: string): Refusal {
  const code = codeOf(error);
  if (code === 'TokenInvalid') return wrongToken();
  if (error instanceof DiscordAPIError || error instanceof HTTPError) {
    if (error.status === 401) return wrongToken();
    return error.status >= 500
      ? new Refusal(`Discord has trouble at ${api} (status ${error.status}); try again later.`)
      : new Refusal(
          `What answers at ${api} does not speak Discord's API (status ${error.status}); check DISCORD_API_URL.`,
        );
  }
  const reason = code ?? (error instanceof Error ? error.message : String(error));
  return new Refusal(
    `Discord cannot be reached at ${api} (${reason}); check the network and DISCORD_API_URL.`,
  );
}

/** Of the error or of what caused it. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
}
