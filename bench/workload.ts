import type { DomainEvent, EventData, Metadata } from '../src/domain/events.ts';
import type { ExpectedRevision, Ledger, NewEvent } from '../src/domain/ledger.ts';
import { defaultPolicy } from '../src/domain/policy.ts';
import { guildStream, modelStream, type StreamKind, streamName } from '../src/domain/streams.ts';
import { Random } from './random.ts';

export interface WorkloadOptions {
  /** How often every scope's corrections so far become a dataset. */
  readonly retrains?: number;
  readonly seed?: number;
}

/** One append of the workload. */
export interface WorkloadAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
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

/**
 * A community's life with the bot, the same every time: questions with the turns before them, corrections,
 * ratings, consents, small training jobs with their progress, now and then a full retrain, promotions.
 */
export function* workload(
  events: number,
  { retrains = 10, seed = 1 }: WorkloadOptions = {},
): Generator<WorkloadAppend> {
  let made = 0;
  for (const append of new Community(seed, events / (retrains + 1)).live()) {
    const rest = events - made;
    if (rest <= append.events.length) {
      if (rest > 0) yield { ...append, events: append.events.slice(0, rest) };
      return;
    }
    made += append.events.length;
    yield append;
  }
}

const APPENDS_IN_FLIGHT = 2_000;
const CHANNELS_PER_SCOPE = 8;
const MEMBERS_PER_SCOPE = 400;
const QUESTIONS_PER_CONVERSATION = 12;
/** How many of the latest answers people still correct and rate. */
const ANSWERS_IN_MIND = 200;
const EXAMPLES_PER_EVENT = 2_000;
const PROGRESS_REPORTS = 10;
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
  readonly conversations: Map<string, { readonly id: string; questions: number }>;
  readonly recent: GivenAnswer[];
  /** By answer: the correction that stands. */
  readonly corrected: Map<string, string>;
  model: string;
  dataset: string | null;
  promotions: number;
}

class Community {
  readonly #random: Random;
  readonly #retrainEvery: number;
  readonly #places = ['local', '110382547901234567', '998877665544332211'].map(emptyPlace);
  #commands = 0;
  #events = 0;
  #nextRetrain: number;

  constructor(seed: number, retrainEvery: number) {
    this.#random = new Random(seed);
    this.#retrainEvery = retrainEvery;
    this.#nextRetrain = retrainEvery;
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
    if (this.#events >= this.#nextRetrain) {
      this.#nextRetrain += this.#retrainEvery;
      for (const place of this.#places) yield* this.#retrain(place);
    }
    const [main, ...others] = this.#places;
    const place = main !== undefined && this.#random.fraction() < 0.7 ? main : this.#random.pick(others);
    const what = this.#random.fraction();
    if (what < 0.003) yield* this.#trainOnFile(place);
    else if (what < 0.01) yield this.#consent(place);
    else if (what < 0.58 && place.recent.length > 0) {
      yield* what < 0.3 ? this.#rate(place) : this.#correct(place);
    } else yield this.#ask(place);
  }

  #ask(place: Place): WorkloadAppend {
    const random = this.#random;
    const answer = random.uuid();
    const channel = random.pick(place.channels);
    const { model, dataset } = place;
    const prompt = `${this.#sentence(14)}?`;
    const response = this.#sentence(22);
    const abstained = dataset === null || random.fraction() < 0.2;
    const data: EventData<'PredictionMade'> = {
      answer,
      conversation: this.#conversation(place, channel),
      evaluation: null,
      messages: [
        ...place.recent.slice(-2).flatMap((turn) => [
          { role: 'user' as const, content: turn.prompt, answer: turn.id, correction: null },
          {
            role: 'assistant' as const,
            content: turn.response,
            answer: turn.id,
            correction: turn.correction,
          },
        ]),
        { role: 'user', content: prompt, answer: null, correction: null },
      ],
      model,
      response,
      abstained,
      dataset,
      learnedFrom:
        abstained || dataset === null
          ? null
          : { dataset, line: random.below(500) + 1, similarity: random.fraction() },
      tokens: { prompt: 120 + random.below(80), completion: 30 + random.below(50) },
      cost: null,
      notes: [],
      latencyMs: 1 + random.fraction() * 40,
      seen: random.uuid(),
    };
    place.recent.push({ id: answer, prompt, response, revision: 0, correction: null });
    if (place.recent.length > ANSWERS_IN_MIND) place.recent.shift();
    return this.#append(place, 'answer', answer, 'no_stream', [{ type: 'PredictionMade', data }], channel);
  }

  #conversation(place: Place, channel: string): string {
    const known = place.conversations.get(channel);
    if (known !== undefined && known.questions < QUESTIONS_PER_CONVERSATION) {
      known.questions++;
      return known.id;
    }
    const id = this.#random.uuid();
    place.conversations.set(channel, { id, questions: 1 });
    return id;
  }

  *#correct(place: Place): Generator<WorkloadAppend> {
    const random = this.#random;
    const answer = random.pick(place.recent);
    const fate = random.fraction();
    if (fate < 0.05 && answer.correction !== null) {
      yield this.#append(place, 'answer', answer.id, answer.revision++, [
        { type: 'CorrectionWithdrawn', data: { answer: answer.id, correction: answer.correction } },
      ]);
      answer.correction = null;
      place.corrected.delete(answer.id);
      return;
    }
    const correction = random.uuid();
    const review = fate > 0.95 ? 'required' : 'not_required';
    const member = this.#member(place);
    const text = this.#sentence(20);
    yield this.#append(place, 'answer', answer.id, answer.revision++, [
      {
        type: 'CorrectionGiven',
        data: { answer: answer.id, correction, member, text, question: null, review },
      },
    ]);
    answer.correction = correction;
    place.corrected.set(answer.id, correction);
    if (review === 'not_required') return;
    yield this.#append(place, 'answer', answer.id, answer.revision++, [
      { type: 'CorrectionApproved', data: { answer: answer.id, correction, text: null, question: null } },
    ]);
  }

  *#rate(place: Place): Generator<WorkloadAppend> {
    const random = this.#random;
    const answer = random.pick(place.recent);
    const rated = random.fraction() < 0.8;
    const data: EventData<'FeedbackGiven'> = {
      answer: answer.id,
      member: this.#member(place),
      rating: rated ? random.pick(['up', 'up', 'down'] as const) : null,
      remark: rated ? null : this.#sentence(9),
    };
    yield this.#append(place, 'answer', answer.id, answer.revision++, [{ type: 'FeedbackGiven', data }]);
  }

  #consent(place: Place): WorkloadAppend {
    const member = this.#member(place);
    return this.#append(place, 'member', member, 'any', [{ type: 'ConsentGiven', data: { member } }]);
  }

  *#trainOnFile(place: Place): Generator<WorkloadAppend> {
    const dataset = this.#random.sha256();
    const source = {
      path: 'datasets/faq.jsonl',
      bytes: 100_000,
      sha256: this.#random.sha256(),
      examples: 500,
    };
    const data: EventData<'DatasetSelected'> = {
      dataset,
      format: 'sft',
      examples: 500,
      bytes: 100_000,
      manifest: this.#random.sha256(),
      positive: true,
      sources: [source],
      skipped: 0,
    };
    yield this.#append(place, 'dataset', dataset, 'no_stream', [{ type: 'DatasetSelected', data }]);
    yield* this.#train(place, dataset, 500);
  }

  *#retrain(place: Place): Generator<WorkloadAppend> {
    const examples = Array.from(place.corrected, ([answer, correction]) => ({ answer, correction }));
    const dataset = this.#random.sha256();
    const data: EventData<'DatasetBuilt'> = {
      dataset,
      format: 'sft',
      examples: examples.length,
      bytes: examples.length * 200,
      manifest: this.#random.sha256(),
      through: this.#random.uuid(),
      since: null,
      policy: defaultPolicy,
      leftOut: [{ reason: 'withdrawn', count: 17 }],
    };
    const listed: DomainEvent[] = [];
    for (let start = 0; start < examples.length; start += EXAMPLES_PER_EVENT) {
      const chunk = examples.slice(start, start + EXAMPLES_PER_EVENT);
      const firstLine = start + 1;
      listed.push({ type: 'DatasetExamplesListed', data: { dataset, firstLine, examples: chunk } });
    }
    yield this.#append(place, 'dataset', dataset, 'no_stream', [{ type: 'DatasetBuilt', data }, ...listed]);
    yield* this.#train(place, dataset, examples.length);
  }

  *#train(place: Place, dataset: string, examples: number): Generator<WorkloadAppend> {
    const job = this.#random.uuid();
    const model = `embedded-${this.#random.sha256()}`;
    const requested = { job, dataset, format: 'sft', examples, trainer: 'embedded' } as const;
    const artifact = { sha256: this.#random.sha256(), bytes: examples * 100 };
    const happened: readonly DomainEvent[] = [
      { type: 'TrainingRequested', data: { ...requested, baseModel: 'embedded-base', hyperparameters: {} } },
      { type: 'TrainingStarted', data: { job, reference: null } },
      ...Array.from({ length: PROGRESS_REPORTS }, (_, index): DomainEvent => {
        const step = index + 1;
        return {
          type: 'TrainingProgressed',
          data: {
            job,
            step,
            total: PROGRESS_REPORTS,
            loss: 1 / step,
            evaluationLoss: null,
            learningRate: null,
          },
        };
      }),
      {
        type: 'TrainingSucceeded',
        data: { job, model, dataset, artifact, loss: 0.1, trainedTokens: null, cost: null },
      },
    ];
    for (const [index, event] of happened.entries()) {
      yield this.#append(place, 'job', job, index === 0 ? 'no_stream' : index - 1, [event]);
    }
    yield this.#promote(place, model, dataset);
    const sent = { path: 'exports/model.json', ...artifact };
    yield this.#append(place, 'guild', guildStream(place.scope), 'any', [{ type: 'FileSent', data: sent }]);
  }

  #promote(place: Place, model: string, dataset: string): WorkloadAppend {
    const data = { model, dataset, previous: place.model, reason: null, evaluation: null };
    const expected = place.promotions === 0 ? 'no_stream' : place.promotions - 1;
    place.promotions++;
    place.model = model;
    place.dataset = dataset;
    const stream = modelStream(place.scope);
    return this.#append(place, 'model', stream, expected, [{ type: 'ModelPromoted', data }]);
  }

  /** @param id of the thing, or the name of its stream */
  #append(
    place: Place,
    kind: StreamKind,
    id: string,
    expected: ExpectedRevision,
    events: readonly DomainEvent[],
    channel = this.#random.pick(place.channels),
  ): WorkloadAppend {
    this.#commands++;
    // Like a platform's: unique and rising.
    const commandId = String(1_200_000_000_000_000_000n + BigInt(this.#commands) * 4_194_304n);
    const metadata: Metadata = {
      actor: this.#member(place),
      scope: place.scope,
      channel,
      origin: 'interaction',
      commandId,
      causationId: commandId,
      correlationId: commandId,
      time: new Date(START + this.#commands * 1_000).toISOString(),
      schemaVersion: 1,
    };
    return {
      stream: kind === 'guild' || kind === 'model' ? id : streamName(place.scope, kind, id),
      expected,
      events: events.map(({ type, data }) => ({ id: this.#random.uuid(), type, data, metadata })),
    };
  }

  #member({ scope }: Place): string {
    // Squared, so that a few members say most.
    return `member-${scope}-${Math.floor(this.#random.fraction() ** 2 * MEMBERS_PER_SCOPE)}`;
  }

  #sentence(length: number): string {
    return Array.from({ length }, () => this.#random.pick(words)).join(' ');
  }
}

function emptyPlace(scope: string): Place {
  return {
    scope,
    channels: Array.from({ length: CHANNELS_PER_SCOPE }, (_, index) => `channel-${scope}-${index}`),
    conversations: new Map(),
    recent: [],
    corrected: new Map(),
    model: 'embedded-base',
    dataset: null,
    promotions: 0,
  };
}

const words =
  'the when where rule server channel role level boss quest shop trade guild raid event reset daily weekly'.split(
    ' ',
  );
