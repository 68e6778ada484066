import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type DomainEvent, type EventData, type Metadata, schemaVersion } from '../../src/domain/events.ts';
import type { Appended, Ledger, NewEvent } from '../../src/domain/ledger.ts';
import { guildStream, modelStream, processStream, streamName } from '../../src/domain/streams.ts';
import { openReadModels, type ReadModels } from '../../src/projections/projector.ts';
import { MemoryLedger } from '../stand-ins/memory-ledger.ts';

/** A SHA-256 that is easy to tell from another. */
export function sha(digit: string): string {
  return digit.repeat(64);
}

/** A directory that is gone after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'projections-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** The read models over a ledger, closed after the test. */
export async function opened(options: Parameters<typeof openReadModels>[0]): Promise<ReadModels> {
  const readModels = await openReadModels(options);
  onTestFinished(() => readModels.close());
  return readModels;
}

export const usualMetadata = {
  actor: 'ada',
  scope: 'local',
  channel: 'console',
  origin: 'console',
  time: '2025-01-01T00:00:00.000Z',
} satisfies Partial<Metadata>;

/** An event as it is appended, with the metadata that a test leaves open filled in. */
export function newEvent(event: DomainEvent, metadata: Partial<Metadata> = {}): NewEvent {
  const commandId = randomUUID();
  return {
    id: randomUUID(),
    type: event.type,
    data: event.data,
    metadata: {
      ...usualMetadata,
      commandId,
      causationId: commandId,
      correlationId: commandId,
      schemaVersion: schemaVersion(event.type),
      ...metadata,
    },
  };
}

/** The stream where an event belongs. */
export function streamOf(scope: string, { type, data }: DomainEvent): string {
  switch (type) {
    case 'ModelPromoted':
    case 'ModelRolledBack':
      return modelStream(scope);
    case 'PolicyRecorded':
    case 'SettingsRecorded':
    case 'FileSent':
    case 'InstructionShown':
    case 'VoiceJoined':
    case 'VoiceLeft':
      return guildStream(scope);
    case 'FeedbackGiven':
      return data.answer === null ? guildStream(scope) : streamName(scope, 'answer', data.answer);
    case 'DatasetArchived':
      return streamName(scope, 'archive', data.archive);
    case 'EvaluationRun':
      return streamName(scope, 'evaluation', data.evaluation);
    case 'ConsentGiven':
    case 'ConsentWithdrawn':
    case 'MemberErased':
      return streamName(scope, 'member', data.member);
    case 'DatasetSelected':
    case 'DatasetBuilt':
    case 'DatasetExamplesListed':
      return streamName(scope, 'dataset', data.dataset);
    case 'ProcessSeen':
      return processStream(data.process);
    case 'VoiceMessageTranscribed':
      return streamName(scope, 'utterance', data.utterance);
    case 'ReplySpoken':
      return streamName(scope, 'reply', data.answer);
    default:
      return 'job' in data ? streamName(scope, 'job', data.job) : streamName(scope, 'answer', data.answer);
  }
}

/** Lets things happen in a ledger and asks the read models what they made of them. */
export class Scenario {
  readonly ledger: Ledger;
  readonly readModels: ReadModels;
  readonly file: string;

  static async begin(): Promise<Scenario> {
    const ledger = new MemoryLedger();
    const file = join(await temporaryDirectory(), 'read-models.sqlite');
    return new Scenario(ledger, file, await opened({ file, ledger }));
  }

  constructor(ledger: Ledger, file: string, readModels: ReadModels) {
    this.ledger = ledger;
    this.file = file;
    this.readModels = readModels;
  }

  get db() {
    return this.readModels.db;
  }

  /** @returns the event's id and its ordinal */
  async happened(event: DomainEvent, metadata: Partial<Metadata> = {}) {
    const added = newEvent(event, metadata);
    const stream = streamOf(metadata.scope ?? usualMetadata.scope, event);
    const { position }: Appended = await this.ledger.append(stream, 'any', [added]);
    await this.readModels.caughtUpWith(position);
    return { event: added.id, ordinal: this.readModels.head().ordinal };
  }
}

export function prediction(
  answer: string,
  more: Partial<EventData<'PredictionMade'>> = {},
): Extract<DomainEvent, { type: 'PredictionMade' }> {
  return {
    type: 'PredictionMade',
    data: {
      answer,
      conversation: 'talk',
      evaluation: null,
      messages: [{ role: 'user', content: `What about ${answer}?`, answer: null, correction: null }],
      model: 'base',
      response: `This about ${answer}.`,
      abstained: false,
      dataset: null,
      learnedFrom: null,
      tokens: null,
      cost: null,
      notes: [],
      latencyMs: 2.5,
      seen: null,
      ...more,
    },
  };
}

export function correction(
  answer: string,
  id: string,
  more: Partial<EventData<'CorrectionGiven'>> = {},
): DomainEvent {
  const data = {
    answer,
    correction: id,
    member: 'ada',
    text: `It is ${id}.`,
    question: null,
    review: 'not_required',
  } as const;
  return { type: 'CorrectionGiven', data: { ...data, ...more } };
}

export function approval(
  answer: string,
  id: string,
  edited: { readonly text?: string; readonly question?: string } = {},
): DomainEvent {
  const { text = null, question = null } = edited;
  return { type: 'CorrectionApproved', data: { answer, correction: id, text, question } };
}

export function trainingRequested(job: string, dataset = sha('d')): DomainEvent {
  const common = { job, dataset, format: 'sft', examples: 3, trainer: 'embedded' } as const;
  return {
    type: 'TrainingRequested',
    data: { ...common, baseModel: 'base', hyperparameters: { epochs: 2, rate: 'auto' } },
  };
}

export function trainingSucceeded(job: string, model: string, dataset = sha('d')): DomainEvent {
  const artifact = { sha256: sha('a'), bytes: 10 };
  return {
    type: 'TrainingSucceeded',
    data: { job, model, dataset, artifact, loss: null, trainedTokens: null, cost: null },
  };
}

export function datasetBuilt(dataset: string, through: string | null = 'some event'): DomainEvent {
  return {
    type: 'DatasetBuilt',
    data: {
      dataset,
      format: 'sft',
      examples: 2,
      bytes: 200,
      manifest: sha('b'),
      through,
      since: null,
      policy: { permittedOrigins: ['console'], consentRequired: [], maxExampleBytes: 1_000 },
      leftOut: [{ reason: 'withdrawn', count: 1 }],
    },
  };
}

export function datasetSelected(dataset: string): DomainEvent {
  const source = { path: 'faq.jsonl', bytes: 100, sha256: sha('f'), examples: 2 };
  return {
    type: 'DatasetSelected',
    data: {
      dataset,
      format: 'sft',
      examples: 2,
      bytes: 100,
      manifest: sha('c'),
      positive: true,
      sources: [source],
      skipped: 0,
    },
  };
}
