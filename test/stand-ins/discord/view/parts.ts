import type { Cdn } from '../cdn.ts';
import type { CommandRegistry } from '../commands/registry.ts';
import type { Dispatch } from '../gateway/dispatch.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { InteractionOpener } from '../interactions/opener.ts';
import type { MessageBoard } from '../messages/board.ts';
import type { GuildRecord } from '../state/guilds.ts';
import type { World } from '../state/world.ts';
import type { VoiceCalls } from '../voice/voice-calls.ts';

/** What the views of a test act through. */
export interface Parts {
  readonly world: World;
  readonly gateway: Gateway;
  readonly calls: VoiceCalls;
  readonly cdn: Cdn;
  readonly board: MessageBoard;
  readonly registry: CommandRegistry;
  readonly opener: InteractionOpener;
}

/** The bot hears what happens in a guild if it is there. */
export function tellGuild({ world, gateway }: Parts, guild: GuildRecord, event: Dispatch): void {
  if (guild.members.has(world.bot.user.api.id)) gateway.dispatch(event, { inGuild: true });
}
