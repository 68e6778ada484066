import { z } from 'zod';
import { type ExactFit, exactFit } from './exact-fit.ts';
import { ChatMessage, DatasetFormat } from './examples.ts';
import { Origin, Policy } from './policy.ts';
import { PredictionNote } from './prediction-note.ts';
import { ScopeSettings } from './scope-settings.ts';
import { dropReasons, voiceReasons } from './voice.ts';

/** Marks text that a person wrote, so that it can be sealed with that person's key. */
export const personal = z.registry<{ readonly author: 'actor' | 'conversation' }>();

const textByActor = () => z.string().register(personal, { author: 'actor' });
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.int().nonnegative();

/** A message as it was sent to the model, and the answer or correction that it repeats. */
export const PromptMessage = ChatMessage.extend({
  content: z.string().min(1).register(personal, { author: 'conversation' }),
  answer: z.string().nullable(),
  correction: z.string().nullable(),
});
export type PromptMessage = z.infer<typeof PromptMessage>;

/** The example that an answer was taken from: a line (from 1) of a dataset. */
export const LearnedFrom = z.object({
  dataset: Sha256,
  line: z.int().positive(),
  /** From 0 to 1; 1 where the question is the learned one. */
  similarity: z.number(),
});
export type LearnedFrom = z.infer<typeof LearnedFrom>;

/** As far as it is known, by the prices that the operator set. */
export const Cost = z.object({ amount: z.number().nonnegative(), currency: z.string() });
export type Cost = z.infer<typeof Cost>;

const Prompted = z.object({
  answer: z.string(),
  conversation: z.string(),
  evaluation: z.string().nullable(),
  messages: z.array(PromptMessage).min(1),
  model: z.string(),
});
const OfCorrection = z.object({ answer: z.string(), correction: z.string() });
const OfJob = z.object({ job: z.string() });
const OfMember = z.object({ member: z.string() });
const OfDataset = z.object({ dataset: Sha256 });
const VoiceChange = z.object({ channel: z.string(), reason: z.enum(voiceReasons) });
const DatasetFile = OfDataset.extend({
  format: DatasetFormat,
  examples: Count,
  bytes: Count,
  /** Of the manifest that says where each line comes from and what was left out. */
  manifest: Sha256,
});

/** How a model and the active one did on examples that the model was not trained on. */
export const HeldOutComparison = z.object({
  dataset: Sha256,
  /** How many are held out; no fewer than were asked. */
  examples: Count,
  /** How near the model's answers came to the expected ones, from 0 to 1. */
  nearness: z.number(),
  active: z.object({ model: z.string(), nearness: z.number() }),
});
export type HeldOutComparison = z.infer<typeof HeldOutComparison>;

export const LeftOutReason = z.enum([
  'withdrawn',
  'rejected',
  'awaiting_review',
  'superseded',
  'before_selection',
  'not_consented',
  'origin_not_permitted',
  'erased',
  'duplicate',
  'too_long',
  'same_as_answer',
  'ratings_tied',
]);
export type LeftOutReason = z.infer<typeof LeftOutReason>;

export const Rating = z.enum(['up', 'down']);
export type Rating = z.infer<typeof Rating>;

/** Each event's data and the version of its schema. */
const definitions = {
  PredictionMade: {
    version: 2,
    data: Prompted.extend({
      response: z.string().min(1),
      abstained: z.boolean(),
      dataset: Sha256.nullable(),
      learnedFrom: LearnedFrom.nullable(),
      tokens: z.object({ prompt: Count, completion: Count }).nullable(),
      cost: Cost.nullable(),
      notes: z.array(PredictionNote),
      latencyMs: z.number().nonnegative(),
      /** The newest event that the read models had taken in when the context was read. */
      seen: z.string().nullable(),
    }),
  },
  PredictionFailed: { version: 1, data: Prompted.extend({ reason: z.string() }) },
  CorrectionGiven: {
    version: 2,
    data: OfCorrection.extend({
      member: z.string(),
      text: textByActor(),
      /** Handed in together with the text, as a whole example of its own; null where only the answer was corrected. */
      question: textByActor().nullable(),
      review: z.enum(['not_required', 'required']),
    }),
  },
  CorrectionApproved: {
    version: 2,
    data: OfCorrection.extend({
      /** What the trainer who approved it made of the text and the question; null: as they were given. */
      text: textByActor().nullable(),
      question: textByActor().nullable(),
    }),
  },
  CorrectionRejected: { version: 1, data: OfCorrection.extend({ reason: textByActor().nullable() }) },
  CorrectionWithdrawn: { version: 1, data: OfCorrection },
  FeedbackGiven: {
    version: 1,
    data: z.object({
      answer: z.string().nullable(),
      member: z.string(),
      rating: Rating.nullable(),
      remark: textByActor().nullable(),
    }),
  },

  DatasetSelected: {
    version: 1,
    data: DatasetFile.extend({
      positive: z.boolean(),
      sources: z.array(z.object({ path: z.string(), bytes: Count, sha256: Sha256, examples: Count })),
      skipped: Count,
    }),
  },
  DatasetBuilt: {
    version: 1,
    data: DatasetFile.extend({
      /** The last event of the ledger that was taken in: with the selection, the policy and the format it fixes every byte. */
      through: z.string().nullable(),
      since: z.string().nullable(),
      policy: Policy,
      leftOut: z.array(z.object({ reason: LeftOutReason, count: Count })),
    }),
  },
  DatasetExamplesListed: {
    version: 1,
    data: OfDataset.extend({
      firstLine: z.int().positive(),
      examples: z.array(z.object({ answer: z.string(), correction: z.string().nullable() })),
    }),
  },
  DatasetArchived: {
    version: 1,
    data: z.object({
      archive: Sha256,
      path: z.string(),
      directory: z.string(),
      bytes: Count,
      files: Count,
      manifest: Sha256,
    }),
  },

  TrainingRequested: {
    version: 1,
    data: OfJob.extend({
      dataset: Sha256,
      format: DatasetFormat,
      examples: Count,
      trainer: z.string(),
      baseModel: z.string(),
      hyperparameters: z.record(z.string(), z.union([z.number(), z.string()])),
    }),
  },
  /** From now on this process drives the job, and what another one reports of it is no news. */
  TrainingTaken: {
    version: 1,
    data: OfJob.extend({ process: z.string().min(1), from: z.string().min(1).nullable() }),
  },
  TrainingFileUploaded: { version: 1, data: OfJob.extend({ file: z.string() }) },
  TrainingStarted: { version: 1, data: OfJob.extend({ reference: z.string().nullable() }) },
  TrainingProgressed: {
    version: 2,
    data: OfJob.extend({
      step: Count,
      total: Count,
      loss: z.number().nullable(),
      /** On what is held out of the training. */
      evaluationLoss: z.number().nullable(),
      learningRate: z.number().nullable(),
    }),
  },
  TrainingSucceeded: {
    version: 2,
    data: OfJob.extend({
      model: z.string(),
      dataset: Sha256,
      artifact: z.object({ sha256: Sha256, bytes: Count }).nullable(),
      loss: z.number().nullable(),
      /** Over all epochs, as whoever trained counted them. */
      trainedTokens: Count.nullable(),
      cost: Cost.nullable(),
    }),
  },
  TrainingFailed: { version: 1, data: OfJob.extend({ reason: z.string() }) },
  TrainingCancelled: { version: 1, data: OfJob },

  ModelPromoted: {
    version: 2,
    data: z.object({
      model: z.string(),
      dataset: Sha256.nullable(),
      previous: z.string(),
      reason: textByActor().nullable(),
      /** The one that let it through the gate; null where there was none. */
      evaluation: z.string().nullable(),
    }),
  },
  ModelRolledBack: {
    version: 1,
    data: z.object({
      model: z.string(),
      dataset: Sha256.nullable(),
      previous: z.string(),
      reason: textByActor().nullable(),
    }),
  },
  EvaluationRun: {
    version: 2,
    data: z.object({
      evaluation: z.string(),
      model: z.string(),
      dataset: Sha256.nullable(),
      results: z.array(
        z.object({
          answer: z.string(),
          /** Null also where it stands in the dataset. */
          expected: textByActor().nullable(),
          matched: z.boolean().nullable(),
        }),
      ),
      /** The share of the expected answers that were given, from 0 to 1; null where none was expected. */
      score: z.number().nullable(),
      /** Of questions that were held out of the model's training, which the active model was asked as well. */
      heldOut: HeldOutComparison.nullable(),
    }),
  },

  ConsentGiven: { version: 1, data: OfMember },
  ConsentWithdrawn: { version: 1, data: OfMember },
  MemberErased: { version: 1, data: OfMember },

  PolicyRecorded: { version: 1, data: z.object({ policy: Policy, reference: z.string().nullable() }) },
  SettingsRecorded: { version: 2, data: z.object({ settings: ScopeSettings }) },
  FileSent: { version: 1, data: z.object({ path: z.string(), bytes: Count, sha256: Sha256 }) },
  InstructionShown: { version: 1, data: z.object({ source: z.enum(['operator', 'built-in']) }) },
  VoiceJoined: { version: 2, data: VoiceChange },
  VoiceLeft: { version: 2, data: VoiceChange },
  VoiceMessageTranscribed: {
    version: 1,
    data: OfMember.extend({
      utterance: z.string(),
      /** What was answered; null where it was not said to the bot. */
      answer: z.string().nullable(),
      text: textByActor(),
      /** Sent as a file, or said in a voice channel. */
      heard: z.enum(['file', 'channel']),
      durationMs: Count,
      /** Whether it went on after the limit. */
      isCut: z.boolean(),
      /** Of the file as it was sent, or of the sound of the channel as it was transcribed. The sound is not kept. */
      sha256: Sha256,
    }),
  },
  ReplySpoken: {
    version: 1,
    data: z.object({
      answer: z.string(),
      channel: z.string(),
      outcome: z.enum(['queued', 'spoken', 'skipped', 'dropped']),
      /** How long it was heard; null where it was not. */
      durationMs: Count.nullable(),
      /** Why it was dropped. */
      reason: z.enum(dropReasons).nullable(),
    }),
  },

  /** While it drives a job: others take it over when this is no longer heard. */
  ProcessSeen: { version: 1, data: z.object({ process: z.string().min(1) }) },
} as const satisfies Record<string, { version: number; data: z.ZodType }>;

export type EventType = keyof typeof definitions;
export type EventData<T extends EventType> = z.infer<(typeof definitions)[T]['data']>;
/** A fact as a decider states it. */
export type EventOf<T extends EventType> = { [K in T]: { readonly type: K; readonly data: EventData<K> } }[T];
export type DomainEvent = EventOf<EventType>;

/** What is recorded with every event. */
export const Metadata = z.object({
  actor: z.string().min(1),
  scope: z.string().min(1),
  /** Where in the scope: a Discord channel, or `console`. */
  channel: z.string().min(1),
  origin: Origin,
  commandId: z.string().min(1),
  causationId: z.string().min(1),
  correlationId: z.string().min(1),
  /** ISO 8601 in UTC, set by us from the Clock. */
  time: z.iso.datetime(),
  schemaVersion: z.int().positive(),
});
export type Metadata = z.infer<typeof Metadata>;

/** An event as the ledger keeps it, its content not yet checked. */
export interface StoredEvent {
  readonly id: string;
  readonly stream: string;
  /** From 0 within its stream. */
  readonly revision: number;
  /** Opaque; only the ledger can compare two of them. */
  readonly position: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
}

/** An event of the ledger with its content checked against the schema of today. */
export type Recorded<T extends EventType = EventType> = EventOf<T> &
  Pick<StoredEvent, 'id' | 'stream' | 'revision' | 'position'> & { readonly metadata: Metadata };

type Upcaster = (data: unknown) => unknown;

/** From the version that is the key to the next one. */
const upcasters: Readonly<Record<string, Readonly<Record<number, Upcaster>>>> = {
  PredictionMade: { 1: adding({ cost: null, notes: [] }) },
  CorrectionGiven: { 1: adding({ question: null }) },
  CorrectionApproved: { 1: adding({ text: null, question: null }) },
  TrainingProgressed: { 1: adding({ evaluationLoss: null, learningRate: null }) },
  TrainingSucceeded: { 1: adding({ trainedTokens: null, cost: null }) },
  SettingsRecorded: { 1: within('settings', adding({ gate: 'off', trainer: null })) },
  ModelPromoted: { 1: adding({ evaluation: null }) },
  EvaluationRun: { 1: adding({ heldOut: null }) },
  // There was no other reason then.
  VoiceJoined: { 1: adding({ reason: 'asked' }) },
  VoiceLeft: { 1: adding({ reason: 'asked' }) },
} satisfies { readonly [T in EventType]?: unknown };

/** What did not exist before is known to be as it says. What is no object is left to the schema to refuse. */
function adding(properties: Readonly<Record<string, string | null | readonly never[]>>): Upcaster {
  return (data) => (isObject(data) ? { ...data, ...properties } : data);
}

function within(property: string, step: Upcaster): Upcaster {
  return (data) =>
    isObject(data) && property in data ? { ...data, [property]: step(data[property]) } : data;
}

function isObject(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

/** What is known of whoever wrote an event that cannot be read, and what the operator is to do then. */
const WRITERS = {
  later: 'so it was written by a later version of this program; upgrade this one',
  other: 'so this program has not written it; take it out of the ledger or restore a backup, and start again',
} as const;

/** An event that this version of the program cannot read; the ledger holds it unharmed. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
  readonly writer: keyof typeof WRITERS;

  constructor(
    { id, type, revision, stream }: Pick<StoredEvent, 'id' | 'type' | 'revision' | 'stream'>,
    problem: string,
    writer: keyof typeof WRITERS,
    options?: ErrorOptions,
  ) {
    super(`event ${id} (${type}, revision ${revision} of ${stream}) ${problem}, ${WRITERS[writer]}`, options);
    this.writer = writer;
  }
}

export function schemaVersion(type: EventType): number {
  return definitions[type].version;
}

const fitsMetadata = exactFit(Metadata);

/** What is looked up once for an event. */
interface EventReading {
  /** All events of the type share this name: one that was just read costs more to look up and compare. */
  readonly type: string;
  readonly version: number;
  readonly schema: z.ZodType;
  readonly fits: ExactFit<unknown>;
  readonly steps: Readonly<Record<number, Upcaster>>;
}

const readings: ReadonlyMap<string, EventReading> = new Map(
  Object.entries(definitions).map(([type, { version, data: schema }]) => [
    type,
    { type, version, schema, fits: exactFit<z.ZodType>(schema), steps: upcasters[type] ?? {} },
  ]),
);

/** @throws UnreadableEvent for an unknown type, a newer schema version or content that does not fit */
export function decodeEvent(stored: StoredEvent): Recorded {
  const { id, stream, revision, position } = stored;
  const reading = readings.get(stored.type);
  if (reading === undefined) throw new UnreadableEvent(stored, 'is of a type that is unknown here', 'later');
  const { type, version: newest, schema, fits, steps } = reading;
  const metadata = fitsMetadata(stored.metadata) ? stored.metadata : parseMetadata(stored);
  const { schemaVersion: version } = metadata;
  if (version > newest) {
    const problem = `has the schema version ${version}, and none is known here that is newer than ${newest}`;
    throw new UnreadableEvent(stored, problem, 'later');
  }
  const content = upcast(stored, version, newest, steps);
  const data = fits(content) ? content : parseData(stored, schema, content);
  // The reading was looked up by this type, which the compiler cannot follow through the union.
  return { id, stream, revision, position, type, data, metadata } as Recorded;
}

function parseMetadata(stored: StoredEvent): Metadata {
  const parsed = Metadata.safeParse(stored.metadata);
  if (parsed.success) return parsed.data;
  throw new UnreadableEvent(stored, `has unreadable metadata (${z.prettifyError(parsed.error)})`, 'other');
}

function parseData(stored: StoredEvent, schema: z.ZodType, content: unknown): unknown {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new UnreadableEvent(stored, `does not fit its schema (${z.prettifyError(parsed.error)})`, 'other');
}

/** @throws UnreadableEvent where a step is missing */
export function upcast(
  stored: StoredEvent,
  from: number,
  to: number,
  steps: Readonly<Record<number, Upcaster>>,
): unknown {
  let content = stored.data;
  for (let version = from; version < to; version++) {
    const step = steps[version];
    if (step === undefined) {
      const problem = `has the schema version ${version}, and no upcaster leads on to ${to}`;
      throw new UnreadableEvent(stored, problem, 'other');
    }
    content = step(content);
  }
  return content;
}
