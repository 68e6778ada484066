/** Who asked for something in a voice channel, for what is recorded of it. */
export interface VoiceCause {
  readonly commandId: string;
  readonly actor: string;
}

/** What can be done in the voice channels of a place, for one member of it. A surface without voice has none. */
export interface VoiceRoom {
  /** Where the member sits; null where they sit in no voice channel. */
  readonly membersChannel: string | null;
  /** Where the bot is heard; null where it is in no voice channel. */
  readonly channel: string | null;
  readonly isListening: boolean;
  /** Resolves once it is heard there. @throws Refusal with the reason, such as a missing permission */
  join(channel: string, by: VoiceCause): Promise<void>;
  /** False where it was in no voice channel. */
  leave(by: VoiceCause): Promise<boolean>;
  /** Ends what is spoken now and goes on with the next. False where nothing is spoken. */
  skip(by: VoiceCause): boolean;
  /** Ends what is spoken and drops all that waits: how many replies that were. */
  silence(by: VoiceCause): number;
  /** @throws Refusal where people in the channel could not be told that it listens */
  requireTelling(channel: string): void;
  /** Begins or ends to hear those who have consented. @throws Refusal where it cannot hear */
  listen(on: boolean, by: VoiceCause): Promise<void>;
}

/** A reply that is to be heard. */
export interface SpokenReply {
  readonly answer: string;
  readonly text: string;
  /** A BCP 47 tag: that of the place. */
  readonly language: string;
}

/** What happened in a voice channel, to be recorded in the ledger of its scope. */
export type VoiceHappening =
  | { readonly kind: 'joined' | 'left'; readonly reason: VoiceReason }
  | { readonly kind: 'queued'; readonly answer: string }
  | { readonly kind: 'spoken' | 'skipped'; readonly answer: string; readonly durationMs: number }
  | { readonly kind: 'dropped'; readonly answer: string; readonly reason: DropReason };

/** Why the bot came into a voice channel or left it. */
export const voiceReasons = [
  'asked',
  'to_speak',
  'moved',
  'idle',
  'alone',
  'disconnected',
  'closing',
] as const;
export type VoiceReason = (typeof voiceReasons)[number];

/** Why a reply was not heard. */
export const dropReasons = [
  'silenced',
  'left',
  'no_voice',
  'nothing_to_say',
  'queue_full',
  'failed',
] as const;
export type DropReason = (typeof dropReasons)[number];

/** Where and on whose behalf something happened in a voice channel. The id makes a repeated report recognisable. */
export interface VoiceReport {
  readonly id: string;
  readonly scope: string;
  readonly channel: string;
  readonly actor: string;
  readonly happening: VoiceHappening;
}
