import {
  decodeEvent,
  type EventData,
  type EventType,
  type Metadata,
  type Recorded,
  type StoredEvent,
  schemaVersion,
} from '../../src/domain/events.ts';

/** The same for the same seed, and shortened to it: `id(1)` is shown as `00000001`. */
export function id(seed: number): string {
  return `${seed.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

/** A SHA-256 as it looks, shown as `00000001`. */
export function sha(seed: number): string {
  return seed.toString(16).padStart(8, '0').padEnd(64, '0');
}

const file = { dataset: sha(7), format: 'sft', examples: 2, bytes: 300, manifest: sha(8) } as const;
const policy = {
  permittedOrigins: ['console', 'interaction'],
  consentRequired: ['message'],
  maxExampleBytes: 1_000,
} satisfies EventData<'PolicyRecorded'>['policy'];
const asked = {
  answer: id(1),
  conversation: id(2),
  evaluation: null,
  messages: [{ role: 'user', content: 'When do you open?', answer: null, correction: null }],
  model: 'embedded-base',
} satisfies Partial<EventData<'PredictionMade'>>;
const ofCorrection = { answer: id(1), correction: id(3) };
const changed = { model: 'm-2', dataset: sha(7), previous: 'm-1', reason: 'it knows the hours' };

/** One event of each type; a new type that has none does not compile. */
export const samples: { readonly [T in EventType]: EventData<T> } = {
  PredictionMade: {
    ...asked,
    response: 'At ten.',
    abstained: false,
    dataset: sha(7),
    learnedFrom: { dataset: sha(7), line: 1, similarity: 0.5 },
    tokens: { prompt: 4, completion: 2 },
    cost: null,
    notes: [],
    latencyMs: 0.25,
    seen: id(9),
  },
  PredictionFailed: { ...asked, reason: 'it is busy' },
  CorrectionGiven: {
    ...ofCorrection,
    member: 'ada',
    text: 'At nine.',
    question: 'When do you open?',
    review: 'required',
  },
  CorrectionApproved: { ...ofCorrection, text: 'At nine sharp.', question: null },
  CorrectionRejected: { ...ofCorrection, reason: 'not so' },
  CorrectionWithdrawn: ofCorrection,
  FeedbackGiven: { answer: id(1), member: 'ada', rating: 'up', remark: null },
  DatasetSelected: {
    ...file,
    positive: true,
    sources: [{ path: 'datasets/hours.jsonl', bytes: 300, sha256: sha(6), examples: 2 }],
    skipped: 0,
  },
  DatasetBuilt: {
    ...file,
    through: id(9),
    since: '2026-01-01T00:00:00.000Z',
    policy,
    leftOut: [{ reason: 'withdrawn', count: 3 }],
  },
  DatasetExamplesListed: { dataset: sha(7), firstLine: 1, examples: [ofCorrection] },
  DatasetArchived: {
    archive: sha(10),
    path: 'archives/hours.zip',
    directory: 'datasets/hours',
    bytes: 900,
    files: 1,
    manifest: sha(11),
  },
  TrainingRequested: {
    job: id(4),
    dataset: sha(7),
    format: 'sft',
    examples: 2,
    trainer: 'embedded',
    baseModel: 'embedded-base',
    hyperparameters: { epochs: 3, rate: 'auto' },
  },
  TrainingTaken: { job: id(4), process: 'p-2', from: 'p-1' },
  TrainingFileUploaded: { job: id(4), file: 'file-1' },
  TrainingStarted: { job: id(4), reference: null },
  TrainingProgressed: { job: id(4), step: 1, total: 4, loss: 0.5, evaluationLoss: 0.75, learningRate: 0.001 },
  TrainingSucceeded: {
    job: id(4),
    model: 'm-2',
    dataset: sha(7),
    artifact: { sha256: sha(12), bytes: 50 },
    loss: null,
    trainedTokens: 900,
    cost: { amount: 0.0027, currency: 'USD' },
  },
  TrainingFailed: { job: id(4), reason: 'the disk is full' },
  TrainingCancelled: { job: id(4) },
  ModelPromoted: { ...changed, evaluation: id(5) },
  ModelRolledBack: { ...changed, reason: null },
  EvaluationRun: {
    evaluation: id(5),
    model: 'm-2',
    dataset: null,
    results: [{ answer: id(1), expected: 'At nine.', matched: false }],
    score: 0.5,
    heldOut: {
      dataset: sha(7),
      examples: 3,
      nearness: 0.75,
      active: { model: 'm-1', nearness: 0.5 },
    },
  },
  ConsentGiven: { member: 'ada' },
  ConsentWithdrawn: { member: 'ada' },
  MemberErased: { member: 'ada' },
  PolicyRecorded: { policy, reference: 'a letter' },
  SettingsRecorded: {
    settings: {
      trainerRoles: ['role-1'],
      answerChannels: [],
      review: 'untrusted',
      locale: 'ru',
      gate: 'evaluation',
      trainer: 'nebius',
    },
  },
  FileSent: { path: 'datasets/hours.jsonl', bytes: 300, sha256: sha(6) },
  InstructionShown: { source: 'built-in' },
  VoiceJoined: { channel: 'hall', reason: 'to_speak' },
  VoiceLeft: { channel: 'hall', reason: 'asked' },
  VoiceMessageTranscribed: {
    utterance: id(6),
    answer: id(1),
    member: 'ada',
    text: 'When do you open?',
    heard: 'file',
    durationMs: 1_250,
    isCut: false,
    sha256: sha(13),
  },
  ReplySpoken: { answer: id(1), channel: 'hall', outcome: 'spoken', durationMs: 900, reason: null },
  ProcessSeen: { process: 'p-1' },
};

export const metadata: Metadata = {
  actor: 'ada',
  scope: 'local',
  channel: 'console',
  origin: 'console',
  commandId: 'command-1',
  causationId: 'command-1',
  correlationId: 'command-1',
  time: '2026-02-01T12:00:00.000Z',
  schemaVersion: 1,
};

/** An event as the ledger would give it back. */
export function stored(type: string, data: unknown, changes: Partial<StoredEvent> = {}): StoredEvent {
  return {
    id: id(100),
    stream: 'training.local.x-1',
    revision: 0,
    position: '1',
    type,
    data,
    metadata: isEventType(type) ? { ...metadata, schemaVersion: schemaVersion(type) } : metadata,
    ...changes,
  };
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(samples, type);
}

/** A sample, changed, as it is read from the ledger. */
export function recorded<T extends EventType>(type: T, changes: Partial<EventData<T>> = {}): Recorded {
  return decodeEvent(stored(type, { ...samples[type], ...changes }));
}
