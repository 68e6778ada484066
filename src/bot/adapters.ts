import type { Language } from '../domain/languages/languages.ts';
import type { Ledger } from '../domain/ledger.ts';
import type {
  ChatModel,
  Clock,
  ExampleReader,
  Facts,
  SoundDecoder,
  Trainer,
  Transcriber,
  Vault,
  Workspace,
} from '../domain/ports.ts';
import type { ReadModels } from '../projections/projector.ts';
import type { ProcessIdentity } from './processes/ownership.ts';

export interface Settings {
  /** What a command starts with. */
  readonly prefix: string;
  /** How many earlier turns of a conversation are sent to the model with a question. */
  readonly contextTurns: number;
  /** After a longer pause a new conversation begins. */
  readonly conversationGapMinutes: number;
  /** Where neither the person nor the place has one. */
  readonly language: Language;
  readonly instructions:
    | { readonly source: 'operator'; readonly text: string }
    /** In the language of the person who asks. */
    | { readonly source: 'built-in' };
}

/** A trainer, and what answers as the models that it makes and as its base model. */
export interface ModelProvider {
  readonly trainer: Trainer;
  readonly chatModel: ChatModel;
}

/** What the composition root gives the bot. */
export interface Adapters {
  readonly ledger: Ledger;
  readonly readModels: ReadModels;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly workspace: Workspace;
  readonly exampleReader: ExampleReader;
  /** Each with a trainer of another name; the first is that of places that have chosen none. */
  readonly providers: readonly [ModelProvider, ...ModelProvider[]];
  /** Null where nothing that is said can be written down. */
  readonly transcriber: Transcriber | null;
  /** Which of those that write to the ledger this is. */
  readonly process: ProcessIdentity;
  /** Null where voice is switched off. */
  readonly soundDecoder: SoundDecoder | null;
  /** Told of what should never happen, for the operator; people are told that something went wrong. */
  readonly reportFault: (fault: unknown, facts?: Facts) => void;
}
