import type { Origin } from './policy.ts';
import type { SourceFile } from './ports.ts';

export interface Actor {
  /** Stable; a platform's member id, or the name given at the console. */
  readonly id: string;
  readonly trainer: boolean;
}

/** What a person did on a surface (the console, Discord). */
export interface Incoming {
  /** From the platform: the same id is the same command, however often it arrives. */
  readonly id: string;
  readonly input:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'command'; readonly name: string; readonly options: Readonly<Record<string, string>> };
  readonly actor: Actor;
  readonly scope: string;
  readonly channel: string;
  readonly origin: Origin;
  readonly surface: 'console' | 'discord';
  readonly attachments: readonly SourceFile[];
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

export interface Reply {
  /** The command's name; `ask` for free text, an empty string where no command was recognised. */
  readonly command: string;
  readonly ok: boolean;
  readonly text: string;
  /** Structured, with full ids. */
  readonly data: JsonObject;
  readonly files: readonly ReplyFile[];
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

/** What a surface drives. */
export interface Bot {
  readonly prefix: string;
  /** Every command and free text ends in a reply; it does not throw for what a person got wrong. */
  run(incoming: Incoming): Promise<Reply>;
  /** Notices of one scope from now on, until the signal fires. */
  notices(scope: string, listener: (notice: JobNotice) => void, signal: AbortSignal): void;
  /** Resolves when no training job of the scope is unfinished. */
  idle(scope: string): Promise<void>;
  /** Takes no new work, lets what runs finish and releases everything. */
  close(): Promise<void>;
}
