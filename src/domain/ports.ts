import type { LearnedFrom } from './events.ts';
import type { ChatMessage, DatasetFormat, TrainingExample } from './examples.ts';
import type { Language } from './languages/languages.ts';
import type { PredictionNote } from './prediction-note.ts';
import type { InWords } from './refusal.ts';

export interface Clock {
  now(): Date;
}

/** What may be written of something that happened: ids and figures, never a secret and nothing that a person wrote. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** For operators: one line for each thing of note. */
export interface Log {
  info(what: string, facts?: Facts): void;
  warn(what: string, facts?: Facts): void;
  /** What should never happen, with the error that told of it. */
  error(what: string, error: unknown, facts?: Facts): void;
}

/** A file's content by what it is: the name is the SHA-256 of the bytes, in hex. */
export interface Blob {
  readonly sha256: string;
  readonly bytes: number;
}

export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** The content-addressed store. Nothing in it is ever changed or taken away. */
export interface Vault {
  /** Once the promise resolves, the content survives a killed process. */
  put(content: Bytes): Promise<Blob>;
  /** @throws Refusal where the content is missing, or is no longer what its name says */
  read(sha256: string): AsyncIterable<Uint8Array>;
  has(sha256: string): Promise<boolean>;
  /** Room beside the store for what is too much to hold in memory before it can be put. */
  scratch(): Promise<Scratch>;
}

/** A file for one writer, who reads it when all is in it; gone with the process at the latest. */
export interface Scratch {
  append(bytes: Uint8Array): Promise<void>;
  read(): AsyncIterable<Uint8Array>;
  discard(): Promise<void>;
}

/** A file that a person named. */
export interface SourceFile {
  /** As it is shown to people: relative to the scope's folder, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
  read(): AsyncIterable<Uint8Array>;
}

/**
 * The folders `datasets`, `archives` and `exports` of a scope, and nothing else. Paths are relative to the
 * scope's folder, or, for short, to its `datasets`.
 */
export interface Workspace {
  /** @throws Refusal with the reason: no such file, outside the folders, a directory, unreadable */
  file(scope: string, path: string): Promise<SourceFile>;
  /** Likewise, or what `writePrivate` has written: what a reply names, which no person can. @throws Refusal likewise */
  fileOfReply(scope: string, path: string): Promise<SourceFile>;
  /** Every file below a directory, ordered by path. @throws Refusal likewise */
  directory(scope: string, path: string): Promise<readonly SourceFile[]>;
  /** One file, or every file below a directory. @throws Refusal likewise */
  sources(scope: string, path: string): Promise<readonly SourceFile[]>;
  /** Writes a file into `exports`; the same name is written anew. */
  writeExport(scope: string, name: string, content: Bytes): Promise<WrittenFile>;
  /**
   * Writes a file for one person, for a day: its name cannot be guessed, and nobody can name it, nor a directory that
   * holds it.
   */
  writePrivate(scope: string, content: Bytes): Promise<WrittenFile>;
  /** A verified zip of a directory's files with a manifest of their hashes, in `archives`. @throws Refusal */
  archive(scope: string, directory: string): Promise<Archive>;
}

export interface WrittenFile extends Blob {
  readonly path: string;
}

export interface Archive extends WrittenFile {
  readonly directory: string;
  readonly files: number;
  /** Of the manifest inside the zip. */
  readonly manifest: string;
}

/**
 * A place in a file of training data (a line, or an element of a JSON array, from 1) and what stands there. A
 * reason goes on from "line 7: ".
 */
export type ReadExample =
  | { readonly line: number; readonly example: TrainingExample }
  | { readonly line: number; readonly reason: InWords };

/** Turns files in the formats that people have into training examples, one at a time. */
export interface ExampleReader {
  read(source: SourceFile): AsyncIterable<ReadExample>;
}

export interface Question {
  readonly model: string;
  /** The last one is the user's. */
  readonly messages: readonly ChatMessage[];
  /** In which the model speaks for itself, as where it says that it has no answer. */
  readonly language: Language;
  /** What commands begin with where it names one. */
  readonly prefix?: string;
  /** Who asks. A model that is elsewhere is told only a keyed hash of it. */
  readonly member?: string;
  /** Called with the whole text so far each time that it grows; not at all where a model does not stream. */
  readonly onText?: (textSoFar: string) => void;
  readonly signal?: AbortSignal;
}

export interface Cost {
  readonly amount: number;
  /** As the operator names it, such as `USD`. */
  readonly currency: string;
}

export interface Prediction {
  readonly text: string;
  /** The model says that it has no answer. */
  readonly abstained: boolean;
  readonly learnedFrom: LearnedFrom | null;
  readonly tokens: { readonly prompt: number; readonly completion: number } | null;
  /** Null where the model costs something that is not known. */
  readonly cost?: Cost | null;
  /** What whoever asked should know; never part of the text, which may be trained on. */
  readonly notes?: readonly PredictionNote[];
}

export interface ChatModel {
  /** @throws Refusal where the model cannot answer now, with the reason */
  answer(question: Question): Promise<Prediction>;
}

export interface TrainingOrder {
  readonly job: string;
  readonly dataset: Blob & {
    readonly format: DatasetFormat;
    readonly examples: number;
    readonly manifest: string;
  };
  readonly hyperparameters: Readonly<Record<string, string | number>>;
  /** What the ledger already knows of this job, after a restart. */
  readonly known: { readonly file: string | null; readonly reference: string | null };
}

export type TrainingUpdate =
  | { readonly kind: 'uploaded'; readonly file: string }
  | { readonly kind: 'started'; readonly reference: string | null }
  | {
      readonly kind: 'progressed';
      readonly step: number;
      readonly total: number;
      readonly loss: number | null;
      /** On what is held out of the training. */
      readonly evaluationLoss?: number | null | undefined;
      readonly learningRate?: number | null | undefined;
    }
  | {
      readonly kind: 'succeeded';
      readonly model: string;
      readonly artifact: Blob | null;
      readonly loss: number | null;
      /** As the server counted them over all epochs. */
      readonly trainedTokens?: number | null;
      readonly cost?: Cost | null;
    }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Why a training is to stop, as the reason of its signal: `cancelled` ends it for good; when the program is `leaving`,
 * what goes on elsewhere goes on, and is followed again after the next start.
 */
export type StopReason = 'cancelled' | 'leaving';

/** What a training that costs money will take, as far as it can be told before. */
export interface TrainingEstimate {
  readonly baseModel: string;
  /** As the one who trains calls it. */
  readonly method: string;
  readonly examples: { readonly trained: number; readonly heldOut: number };
  readonly epochs: number;
  /** Of all epochs together. */
  readonly tokens: number;
  readonly cost: Cost | null;
}

export interface Trainer {
  readonly name: string;
  /** The model that answers before any other was promoted. */
  readonly baseModel: string;
  /** What a training starts from, where that is another model. */
  readonly trainsFrom?: string;
  readonly formats: readonly DatasetFormat[];
  /** False where it also learns what is held out, so that its models know the answers to that. */
  readonly holdsOut?: boolean;
  /** It takes nothing but some time of this machine, so that whoever writes to the bot may train with it. */
  readonly isFree?: true;
  /** It works elsewhere, so one job need not wait for another. */
  readonly isRemote?: true;
  /** The same dataset gives the same file at once, so one that was lost is simply made again. */
  readonly isReproducible?: true;
  /** It is told nothing but the dataset. */
  readonly takesNoHyperparameters?: true;
  /** Finds what can be told to be wrong before anything is begun. @throws Refusal */
  checkHyperparameters?(hyperparameters: TrainingOrder['hyperparameters']): void;
  /**
   * Trains, or goes on following what was already begun for this job. Ends after `succeeded` or `failed`, or
   * when the signal fires, whose reason is a StopReason.
   */
  train(order: TrainingOrder, signal: AbortSignal): AsyncIterable<TrainingUpdate>;
  /**
   * Checks a dataset and says what a training on it will take; only a trainer that may cost money says so.
   * @throws Refusal with the line and the reason where it cannot be trained on
   */
  estimate?(order: Pick<TrainingOrder, 'dataset' | 'hyperparameters'>): Promise<TrainingEstimate>;
  /** Ends what goes on elsewhere for a job that was cancelled while nobody followed it. @throws Refusal */
  cancel?(order: Pick<TrainingOrder, 'job' | 'known'>): Promise<void>;
  /** @throws Refusal where it cannot be paused */
  pause?(order: Pick<TrainingOrder, 'job' | 'known'>): Promise<void>;
  /** @throws Refusal where it cannot go on */
  resume?(order: Pick<TrainingOrder, 'job' | 'known'>): Promise<void>;
}

/** Part of what is said: Opus packets of 20 ms each, 48 kHz, one channel, as they are played one after the other. */
export interface SpokenPart {
  readonly packets: readonly Uint8Array[];
}

export interface Voice {
  /** Makes ready, where there is something to make ready, so that the first word comes as soon as later ones. @throws Refusal as `speak` */
  prepare?(): Promise<void>;
  /**
   * Says a text as it can be heard, sentence by sentence, the first as soon as it is made; nothing where no part of
   * the text can be heard. The parts are one stream of sound, from the first packet to the last.
   * @param locale a BCP 47 tag, such as a Language; English is spoken where no voice speaks it
   * @throws Refusal where there is no voice here, with the reason
   */
  speak(text: string, locale: string, signal?: AbortSignal): AsyncIterable<SpokenPart>;
}

/** What somebody said, as a file of a format that servers know. */
export interface Speech {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly format: 'ogg' | 'wav' | 'mp3' | 'flac' | 'webm' | 'm4a';
  /** ISO 639-1, where it is known. */
  readonly language?: string;
  readonly signal?: AbortSignal;
}

export interface Transcriber {
  /** Empty where nothing was said. @throws Refusal with the reason */
  transcribe(speech: Speech): Promise<string>;
}

/** Sound of any format as servers understand it. */
export interface DecodedSound {
  /** 16 kHz, one channel, 16 bits. */
  readonly wav: Uint8Array<ArrayBuffer>;
  /** Of the wav. */
  readonly durationMs: number;
  /** Whether it went on after the limit. */
  readonly isCut: boolean;
}

export interface SoundDecoder {
  /** @throws Refusal where it is no sound, empty, cut off, too large or takes too long, with the reason */
  decode(file: SourceFile, signal?: AbortSignal): Promise<DecodedSound>;
  /** What a member said, as it came: Opus packets of 48 kHz. @throws Refusal likewise */
  decodePackets(packets: readonly Uint8Array[], signal?: AbortSignal): Promise<DecodedSound>;
}
