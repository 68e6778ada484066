import type { Origin } from './policy.ts';
import type { SourceFile } from './ports.ts';
import type { ScopeSettings } from './scope-settings.ts';
import type { SpokenReply, VoiceReport, VoiceRoom } from './voice.ts';

export interface Actor {
  /** Stable; a platform's member id, or the name given at the console. */
  readonly id: string;
  /** Runs the place, whatever its settings say: Manage Server on Discord, everybody at the console. */
  readonly manager: boolean;
  /** The ids of the member's roles there, which the settings of a scope can make trainers. */
  readonly roles: readonly string[];
}

/** Something that can be asked for by name. */
export interface CommandRequest {
  readonly command: string;
  readonly options: Readonly<Record<string, string>>;
}

/** What a person did on a surface (the console, Discord). */
export interface Incoming {
  /** From the platform: the same id is the same command, however often it arrives. */
  readonly id: string;
  readonly input:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'command'; readonly name: string; readonly options: Readonly<Record<string, string>> }
    | SpeechInput
    | UtteranceInput;
  readonly actor: Actor;
  readonly scope: string;
  readonly channel: string;
  readonly origin: Origin;
  readonly surface: 'console' | 'discord';
  /** A BCP 47 tag of the person; null where it is not known, as of whoever writes in a channel. */
  readonly locale: string | null;
  /** What commands in a text begin with there, where that is not the bot's own prefix. */
  readonly prefix?: string;
  /** Likewise of the place, as its platform has it. */
  readonly placeLocale?: string | null | undefined;
  readonly attachments: readonly SourceFile[];
  /** Whether nobody but whoever asked sees the reply. Others may where it is left out. */
  readonly isPrivate?: boolean | undefined;
  /** Whether another channel of the place is open to all who see the reply; none is where it is left out. */
  readonly mayRead?: (channel: string) => Promise<boolean>;
  /** Null on a surface without voice, and where there are no voice channels. */
  readonly voice: VoicePlace | null;
}

/** A voice message, or a file of sound or film. */
export interface SpeechInput {
  readonly kind: 'speech';
  /** What was written along with it; often nothing. */
  readonly text: string;
  /** One is taken; more are refused. */
  readonly sounds: readonly SourceFile[];
}

/** What somebody said in a voice channel where the bot listens. */
export interface UtteranceInput {
  readonly kind: 'utterance';
  /** Opus, 48 kHz, as they came. */
  readonly packets: readonly Uint8Array[];
  /** Whether they went on after the limit; what follows is another utterance. */
  readonly isCut: boolean;
  /** What the bot is called: only what begins so is said to it. Null where everything is, as there is nobody else. */
  readonly calledBy: readonly string[] | null;
}

export interface VoicePlace {
  readonly room: VoiceRoom;
  /** Who sits in the voice channel of the member, or else of the bot: people, by their ids. */
  readonly people: readonly string[];
  /** A BCP 47 tag: the language of the place, whoever asks there; null where it has none. */
  readonly locale: string | null;
}

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** A file sent with a reply. */
export interface ReplyFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Something to be done next at one touch, where the surface has buttons. Whoever does it is asked for the right. */
export interface Action {
  readonly label: string;
  readonly emoji: string | null;
  readonly style: 'primary' | 'secondary' | 'success' | 'danger';
  /** `form` first asks for what is missing; `run` is carried out as it stands; `turn` shows it in place of the reply. */
  readonly kind: 'run' | 'form' | 'turn';
  readonly request: CommandRequest;
}

export interface Reply {
  /** The command's name; `ask` for free text, an empty string where no command was recognised. */
  readonly command: string;
  readonly ok: boolean;
  /** Where it is no refusal: something went wrong that the person cannot help. */
  readonly failed?: true;
  readonly text: string;
  /** Structured, with full ids. */
  readonly data: JsonObject;
  readonly files: readonly ReplyFile[];
  /** For nobody but the person who asked, where the surface can. */
  readonly isPrivate: boolean;
  /** Of that person, and nobody else's business: it is not shown even where they asked for all to see. */
  readonly isPersonal?: true;
  readonly actions: readonly Action[];
  /** What of it is to be heard by a member who sits in a voice channel. */
  readonly spoken?: SpokenReply;
  /** Where it begins or ends to hear a voice channel: what is to be told to those who sit there. */
  readonly listening?: Listening;
}

export interface Listening {
  readonly channel: string;
  readonly on: boolean;
  readonly text: string;
}

/** What a command still needs, to be filled in by a person and handed in with `request`. */
export interface Form {
  readonly title: string;
  readonly fields: readonly FormField[];
  readonly request: CommandRequest;
}

export interface FormField {
  /** The option that it becomes. */
  readonly option: string;
  readonly label: string;
  readonly value: string;
  readonly required: boolean;
}

/** What an option holds, for surfaces that offer more than a line of text. */
export type OptionShape =
  | { readonly kind: 'text' }
  | { readonly kind: 'yes or no' }
  | { readonly kind: 'count'; readonly most: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** An id of this kind, its beginning, or `last`: `suggest` knows which there are. */
  | { readonly kind: 'reference'; readonly of: ReferenceKind }
  /** A role or a channel of the place, by its id, or several with commas between them. */
  | { readonly kind: 'role' | 'channel' }
  /** The name of a trainer that is set up, or `usual`: `suggest` knows which there are. */
  | { readonly kind: 'trainer' };

export const referenceKinds = ['answer', 'dataset', 'job', 'model', 'event', 'correction'] as const;
export type ReferenceKind = (typeof referenceKinds)[number];

/** In the words of each language, by its tag. */
export type Localised = Readonly<Record<'en' | 'ru', string>>;

export interface OptionDefinition {
  readonly name: string;
  readonly localisedName: Localised;
  readonly description: Localised;
  readonly required: boolean;
  readonly shape: OptionShape;
  /** What each choice is called, where there are choices. */
  readonly localisedChoices: Readonly<Record<string, Localised>>;
}

/** A command as surfaces see it. */
export interface CommandDescription {
  readonly name: string;
  readonly localisedName: Localised;
  readonly summary: Localised;
  readonly right: Right;
  /** In the order in which they are written; required ones may stand after others. */
  readonly options: readonly OptionDefinition[];
  /** Whether it takes a file that is sent along. */
  readonly takesFile: boolean;
  readonly isPrivate: boolean;
}

/** `manager` decides who is a trainer. */
export type Right = 'everyone' | 'trainer' | 'manager';

export interface SuggestionRequest {
  readonly scope: string;
  readonly channel: string;
  readonly actor: Actor;
  readonly locale: string | null;
  readonly placeLocale?: string | null | undefined;
  readonly command: string;
  readonly option: string;
  /** What has been typed of it so far. */
  readonly typed: string;
}

export interface Suggestion {
  /** At most 100 characters. */
  readonly label: string;
  readonly value: string;
}

export type JobState = 'requested' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** What happens to a training job after the command was answered. */
export interface JobNotice {
  readonly notice: 'job';
  readonly text: string;
  readonly data: {
    readonly job: string;
    readonly state: JobState;
    /** From 0 to 1. */
    readonly progress: number;
    readonly model: string | null;
  };
}

/** A job as far as it has come, for a surface that shows it while it runs. */
export interface JobStatus {
  readonly job: string;
  readonly scope: string;
  /** Where it was asked for. */
  readonly channel: string;
  /** ISO 8601 in UTC. */
  readonly requested: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly state: JobState;
  /** From 0 to 1. */
  readonly progress: number;
  readonly step: number;
  readonly total: number;
  /** In the order of the steps. */
  readonly losses: readonly { readonly step: number; readonly loss: number }[];
  readonly model: string | null;
  /** In the language asked for: the job in one or two sentences. */
  readonly text: string;
  /** Promote, for a job that succeeded. */
  readonly actions: readonly Action[];
}

/** What a surface of plain text drives. */
export interface ConversingBot {
  readonly prefix: string;
  /**
   * Every command and free text ends in a reply; it does not throw for what a person got wrong.
   * @param onText called with the whole text so far each time that a model's answer grows, before anything of it is
   * recorded; not at all where nothing grows
   */
  run(incoming: Incoming, onText?: (textSoFar: string) => void): Promise<Reply>;
  /** Notices of one scope, or of all where it is null, from now on, until the signal fires. */
  notices(
    scope: string | null,
    listener: (notice: JobNotice, scope: string) => void,
    signal: AbortSignal,
  ): void;
  /** Resolves when no training job of the scope is unfinished. */
  idle(scope: string): Promise<void>;
  /** Takes no new work, lets what runs finish and releases everything. */
  close(): Promise<void>;
}

/** What a surface with menus, forms and buttons drives. */
export interface Bot extends ConversingBot {
  readonly commands: readonly CommandDescription[];
  /** The form of a command, filled in as far as it can be, or the reply that says why there is none. */
  form(incoming: Incoming): Promise<{ readonly form: Form } | { readonly reply: Reply }>;
  /** What an option could be, the best first, at most 25. Nothing of another scope. */
  suggest(request: SuggestionRequest): Promise<readonly Suggestion[]>;
  settingsOf(scope: string): Promise<ScopeSettings>;
  /** Whether a name is that of a command here, or nearly so: another bot's are none of ours. */
  isNearlyCommand(name: string): boolean;
  /** Null where there is no such job. */
  jobStatus(scope: string, job: string, locale: string | null): Promise<JobStatus | null>;
  /** Whether a member has consented to being heard there. */
  mayHear(scope: string, member: string): Promise<boolean>;
  /** Whoever consents from now on, or withdraws it, until the signal fires: told before they are answered. */
  consents(listener: (scope: string, member: string, consented: boolean) => void, signal: AbortSignal): void;
  /** Records what happened in a voice channel. The same report again records nothing. @throws LedgerError */
  recordVoice(report: VoiceReport): Promise<void>;
}
