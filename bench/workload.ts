import { createHash } from 'node:crypto';
import type { DomainEvent, EventData, Metadata } from '../src/domain/events.ts';
import { deriveId, fractionOf } from '../src/domain/identifiers.ts';
import type { ExpectedRevision, Ledger, NewEvent } from '../src/domain/ledger.ts';
import { defaultPolicy } from '../src/domain/policy.ts';
import { guildStream, modelStream, streamName } from '../src/domain/streams.ts';

/** One append of the workload. */
export interface WorkloadAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
}

export interface WorkloadOptions {
  /** A full `!retrain` of each scope, listing every correction so far, once in so many events. */
  readonly retrainEvery?: number;
}

const APPENDS_IN_FLIGHT = 2_000;
const MEMBERS_PER_SCOPE = 400;
const START = Date.UTC(2025, 0, 1);

interface GivenAnswer {
  readonly id: string;
  readonly prompt: string;
  readonly response: string;
  revision: number;
  correction: string | null;
}

interface Place {
  readonly scope: string;
  readonly channels: readonly string[];
  model: string;
  dataset: string | null;
  promotions: number;
  guildRevision: number;
  readonly recent: GivenAnswer[];
  readonly examples: { readonly answer: string; readonly correction: string }[];
}

/**
 * A community's life with the bot, the same every time: questions with the turns before them, corrections,
 * ratings, consents, small training jobs with their progress, now and then a full retrain, promotions.
 */
export function* workload(events: number, options: WorkloadOptions = {}): Generator<WorkloadAppend> {
  const community = new Community(options.retrainEvery ?? 100_000);
  let made = 0;
  for (const append of community.live()) {
    const rest = events - made;
    if (append.events.length >= rest) {
      yield { ...append, events: append.events.slice(0, rest) };
      return;
    }
    made += append.events.length;
    yield append;
  }
}

/** Appends `events` events of the workload to an empty ledger. */
export async function fillLedger(ledger: Ledger, events: number, options?: WorkloadOptions): Promise<void> {
  let inFlight: Promise<unknown>[] = [];
  for (const { stream, expected, events: added } of workload(events, options)) {
    inFlight.push(ledger.append(stream, expected, added));
    if (inFlight.length < APPENDS_IN_FLIGHT) continue;
    await Promise.all(inFlight);
    inFlight = [];
  }
  await Promise.all(inFlight);
}

class Community {
  readonly #retrainEvery: number;
  readonly #places: readonly Place[] = ['local', '110382547901234567', '998877665544332211'].map(place);
  #commands = 0;
  #events = 0;
  #retrained = 0;

  constructor(retrainEvery: number) {
    this.#retrainEvery = retrainEvery;
  }

  *live(): Generator<WorkloadAppend, never> {
    for (;;) {
      for (const append of this.#step()) {
        this.#events += append.events.length;
        yield append;
      }
    }
  }

  *#step(): Generator<WorkloadAppend> {
    const command = this.#nextCommand();
    const at = this.#places[fractionOf(`${command} place`) < 0.7 ? 0 : pick(`${command} which`, 2) + 1];
    if (at === undefined) throw new Error('there is no such place');
    if (this.#events >= this.#retrained + this.#retrainEvery) {
      this.#retrained = this.#events;
      for (const retrained of this.#places) yield* this.#retrain(retrained);
    }
    const what = fractionOf(`${command} what`);
    if (what < 0.003) yield* this.#trainSmall(at, command);
    else if (what < 0.01) yield this.#consent(at, command);
    else if (what < 0.3) yield* this.#feedback(at, command);
    else if (what < 0.58) yield* this.#correct(at, command);
    else yield this.#ask(at, command);
  }

  #ask(at: Place, command: string): WorkloadAppend {
    const answer = deriveId(command, 'answer');
    const channel = channelOf(at, command);
    const prompt = `${sentence(command, 14)}?`;
    const response = sentence(`${command} response`, 22);
    const abstained = at.dataset === null || fractionOf(`${command} abstains`) < 0.2;
    const data: EventData<'PredictionMade'> = {
      answer,
      conversation: channel,
      evaluation: null,
      messages: [
        ...at.recent.slice(-2).flatMap((turn) => [
          { role: 'user' as const, content: turn.prompt, answer: null, correction: null },
          {
            role: 'assistant' as const,
            content: turn.response,
            answer: turn.id,
            correction: turn.correction,
          },
        ]),
        { role: 'user', content: prompt, answer: null, correction: null },
      ],
      model: at.model,
      response,
      abstained,
      dataset: at.dataset,
      learnedFrom:
        abstained || at.dataset === null
          ? null
          : {
              dataset: at.dataset,
              line: pick(command, 500) + 1,
              similarity: fractionOf(`${command} similarity`),
            },
      tokens: { prompt: 120 + pick(command, 80), completion: 30 + pick(command, 50) },
      latencyMs: 1 + fractionOf(`${command} latency`) * 40,
      seen: deriveId(command, 'seen'),
    };
    at.recent.push({ id: answer, prompt, response, revision: 0, correction: null });
    if (at.recent.length > 200) at.recent.shift();
    return this.#append(at, command, streamName(at.scope, 'answer', answer), 'no_stream', [
      { type: 'PredictionMade', data },
    ]);
  }

  *#correct(at: Place, command: string): Generator<WorkloadAppend> {
    const answer = at.recent[pick(`${command} answer`, at.recent.length)];
    if (answer === undefined) return;
    const stream = streamName(at.scope, 'answer', answer.id);
    const fate = fractionOf(`${command} fate`);
    if (fate < 0.05 && answer.correction !== null) {
      const withdrawn = { answer: answer.id, correction: answer.correction };
      yield this.#append(at, command, stream, answer.revision++, [
        { type: 'CorrectionWithdrawn', data: withdrawn },
      ]);
      answer.correction = null;
      return;
    }
    const correction = deriveId(command, 'correction');
    const review = fate > 0.95 ? 'required' : 'not_required';
    yield this.#append(at, command, stream, answer.revision++, [
      {
        type: 'CorrectionGiven',
        data: {
          answer: answer.id,
          correction,
          member: memberOf(at, command),
          text: sentence(`${command} corrected`, 20),
          review,
        },
      },
    ]);
    answer.correction = correction;
    at.examples.push({ answer: answer.id, correction });
    if (review === 'not_required') return;
    yield this.#append(at, this.#nextCommand(), stream, answer.revision++, [
      { type: 'CorrectionApproved', data: { answer: answer.id, correction } },
    ]);
  }

  *#feedback(at: Place, command: string): Generator<WorkloadAppend> {
    const answer = at.recent[pick(`${command} answer`, at.recent.length)];
    if (answer === undefined) return;
    const rated = fractionOf(`${command} rated`) < 0.8;
    const data: EventData<'FeedbackGiven'> = {
      answer: answer.id,
      member: memberOf(at, command),
      rating: rated ? (fractionOf(`${command} rating`) < 0.7 ? 'up' : 'down') : null,
      remark: rated ? null : sentence(`${command} remark`, 9),
    };
    yield this.#append(at, command, streamName(at.scope, 'answer', answer.id), answer.revision++, [
      { type: 'FeedbackGiven', data },
    ]);
  }

  #consent(at: Place, command: string): WorkloadAppend {
    const member = memberOf(at, command);
    return this.#append(at, command, streamName(at.scope, 'member', member), 'any', [
      { type: 'ConsentGiven', data: { member } },
    ]);
  }

  *#trainSmall(at: Place, command: string): Generator<WorkloadAppend> {
    const dataset = sha256(`${command} dataset`);
    yield this.#append(at, command, streamName(at.scope, 'dataset', dataset), 'no_stream', [
      {
        type: 'DatasetSelected',
        data: {
          dataset,
          format: 'sft',
          examples: 500,
          bytes: 100_000,
          manifest: sha256(`${command} manifest`),
          positive: true,
          sources: [{ path: 'datasets/faq.jsonl', bytes: 100_000, sha256: sha256(command), examples: 500 }],
          skipped: 0,
        },
      },
    ]);
    yield* this.#train(at, dataset, 500);
  }

  *#retrain(at: Place): Generator<WorkloadAppend> {
    const command = this.#nextCommand();
    const dataset = sha256(`${command} dataset`);
    const stream = streamName(at.scope, 'dataset', dataset);
    const listed = Array.from(
      { length: Math.ceil(at.examples.length / 2_000) },
      (_, chunk): DomainEvent => ({
        type: 'DatasetExamplesListed',
        data: {
          dataset,
          firstLine: chunk * 2_000 + 1,
          examples: at.examples.slice(chunk * 2_000, (chunk + 1) * 2_000),
        },
      }),
    );
    yield this.#append(at, command, stream, 'no_stream', [
      {
        type: 'DatasetBuilt',
        data: {
          dataset,
          format: 'sft',
          examples: at.examples.length,
          bytes: at.examples.length * 200,
          manifest: sha256(`${command} manifest`),
          through: deriveId(command, 'through'),
          since: null,
          policy: defaultPolicy,
          leftOut: [{ reason: 'withdrawn', count: 17 }],
        },
      },
      ...listed,
    ]);
    yield* this.#train(at, dataset, at.examples.length);
  }

  *#train(at: Place, dataset: string, examples: number): Generator<WorkloadAppend> {
    const command = this.#nextCommand();
    const job = deriveId(command, 'job');
    const model = `embedded-${sha256(`${dataset} model`)}`;
    const progress = Array.from(
      { length: 10 },
      (_, step): DomainEvent => ({
        type: 'TrainingProgressed',
        data: { job, step: step + 1, total: 10, loss: 1 / (step + 1) },
      }),
    );
    const happened: readonly DomainEvent[] = [
      {
        type: 'TrainingRequested',
        data: {
          job,
          dataset,
          format: 'sft',
          examples,
          trainer: 'embedded',
          baseModel: 'embedded-base',
          hyperparameters: {},
        },
      },
      { type: 'TrainingStarted', data: { job, reference: null } },
      ...progress,
      {
        type: 'TrainingSucceeded',
        data: { job, model, dataset, artifact: { sha256: sha256(model), bytes: 123_456 }, loss: 0.1 },
      },
    ];
    const stream = streamName(at.scope, 'job', job);
    for (const [index, event] of happened.entries()) {
      yield this.#append(at, this.#nextCommand(), stream, index === 0 ? 'no_stream' : index - 1, [event]);
    }
    const promoted = { model, dataset, previous: at.model, reason: null };
    const expected = at.promotions === 0 ? 'no_stream' : at.promotions - 1;
    yield this.#append(at, this.#nextCommand(), modelStream(at.scope), expected, [
      { type: 'ModelPromoted', data: promoted },
    ]);
    at.promotions++;
    at.model = model;
    at.dataset = dataset;
    const sent = this.#nextCommand();
    yield this.#append(at, sent, guildStream(at.scope), 'any', [
      { type: 'FileSent', data: { path: 'exports/model.json', bytes: 123_456, sha256: sha256(sent) } },
    ]);
  }

  #append(
    at: Place,
    command: string,
    stream: string,
    expected: ExpectedRevision,
    events: readonly DomainEvent[],
  ): WorkloadAppend {
    const metadata: Metadata = {
      actor: memberOf(at, command),
      scope: at.scope,
      channel: channelOf(at, command),
      origin: 'interaction',
      commandId: command,
      causationId: command,
      correlationId: command,
      time: new Date(START + this.#commands * 1_000).toISOString(),
      schemaVersion: 1,
    };
    return {
      stream,
      expected,
      events: events.map(({ type, data }, index) => ({
        id: deriveId(command, stream, index),
        type,
        data,
        metadata,
      })),
    };
  }

  /** Like a platform's: unique and rising. */
  #nextCommand(): string {
    this.#commands++;
    return String(1_200_000_000_000_000_000n + BigInt(this.#commands) * 4_194_304n);
  }
}

function place(scope: string): Place {
  return {
    scope,
    channels: Array.from({ length: 8 }, (_, index) => `channel-${scope}-${index}`),
    model: 'embedded-base',
    dataset: null,
    promotions: 0,
    guildRevision: -1,
    recent: [],
    examples: [],
  };
}

function memberOf(at: Place, command: string): string {
  // Squared, so that a few members say most.
  return `member-${at.scope}-${Math.floor(fractionOf(`${command} member`) ** 2 * MEMBERS_PER_SCOPE)}`;
}

function channelOf(at: Place, command: string): string {
  return at.channels[pick(`${command} channel`, at.channels.length)] ?? 'general';
}

function pick(key: string, count: number): number {
  return Math.floor(fractionOf(key) * count);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const words =
  'the when where rule server channel role level boss quest shop trade guild raid event reset'.split(' ');

function sentence(key: string, length: number): string {
  let seed = pick(key, 2 ** 31);
  const chosen: string[] = [];
  for (let index = 0; index < length; index++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    chosen.push(words[(seed >>> 16) % words.length] ?? '');
  }
  return chosen.join(' ');
}
