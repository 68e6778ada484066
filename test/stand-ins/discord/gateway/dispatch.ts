import type { GatewayDispatchPayload } from 'discord-api-types/v10';

type Without<Payload> = Payload extends unknown ? Omit<Payload, 'op' | 's'> : never;

/** An event before it is numbered for a session. */
export type Dispatch = Without<GatewayDispatchPayload>;

/** Tells the bot what happened. */
export interface Dispatcher {
  /** @param inGuild whether it is about a guild; the others are about direct messages or the bot itself */
  dispatch(event: Dispatch, about: { readonly inGuild: boolean }): void;
}
