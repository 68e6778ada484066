import type {
  APIMessageInteractionMetadata,
  InteractionResponseType,
  InteractionType,
  MessageType,
  Snowflake,
} from 'discord-api-types/v10';
import type { Inbox } from '../inbox.ts';
import type { Choice } from '../rest/bodies/callback.ts';
import type { Modal } from '../rest/bodies/modal.ts';
import type { ChannelRecord } from '../state/channels.ts';
import type { MessageRecord } from '../state/messages.ts';
import type { UserRecord } from '../state/users.ts';

/** What the bot did about an interaction. */
export type Reaction =
  | { readonly kind: 'acknowledged'; readonly how: InteractionResponseType; readonly ephemeral: boolean }
  | { readonly kind: 'replied'; readonly message: MessageRecord }
  | { readonly kind: 'followed up'; readonly message: MessageRecord }
  | { readonly kind: 'updated'; readonly message: MessageRecord }
  | { readonly kind: 'deleted reply' }
  | { readonly kind: 'modal'; readonly modal: Modal }
  | { readonly kind: 'choices'; readonly choices: readonly Choice[] }
  /** The bot answered, and Discord did not take it. */
  | { readonly kind: 'refused'; readonly why: string };

export interface InteractionRecord {
  readonly id: Snowflake;
  readonly token: string;
  readonly type: InteractionType;
  readonly user: UserRecord;
  readonly channel: ChannelRecord;
  readonly createdAt: number;
  /** The message whose component was used, also when a modal came of that. */
  readonly source: MessageRecord | null;
  /** The message that a menu command is about. */
  readonly target: MessageRecord | null;
  /** What a message that answers it says about it. */
  readonly metadata: APIMessageInteractionMetadata | null;
  readonly answerType: MessageType;
  acknowledged: InteractionResponseType | null;
  /** What `@original` means. */
  original: MessageRecord | null;
  readonly reactions: Inbox<Reaction>;
}
