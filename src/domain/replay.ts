import canonicalize from 'canonicalize';
import type { CorrectionStatus } from './answer.ts';
import type { EventData, LeftOutReason, PromptMessage, Rating, Recorded } from './events.ts';
import { type ChatMessage, type DatasetFormat, datasetLine, type TrainingExample } from './examples.ts';
import { fractionOf } from './identifiers.ts';
import { consentAfter, type MemberState } from './member.ts';
import type { Origin, Policy } from './policy.ts';

export interface Selection {
  readonly format: DatasetFormat;
  /** ISO 8601 in UTC: only what was corrected or rated at this time or later. */
  readonly since: string | null;
  readonly policy: Policy;
}

/** Where an example comes from. */
export interface Provenance {
  readonly answer: string;
  readonly correction: string | null;
  readonly conversation: string;
  /** Whose words are in it, or who rated it. */
  readonly members: readonly string[];
  readonly origins: readonly Origin[];
  /** The ids of the events that it was made of. */
  readonly events: readonly string[];
  /** All of one conversation stands on one side. */
  readonly split: 'train' | 'validation';
}

export type ReplayedEntry =
  | {
      readonly kind: 'example';
      readonly line: number;
      readonly text: string;
      readonly provenance: Provenance;
    }
  | {
      readonly kind: 'left_out';
      readonly reason: LeftOutReason;
      readonly answer: string;
      readonly correction: string | null;
    };

const VALIDATION_SHARE = 0.1;

interface Authored {
  readonly member: string;
  readonly origin: Origin;
}

interface GivenCorrection extends Authored {
  readonly id: string;
  readonly event: string;
  readonly time: string;
  readonly text: string;
  status: CorrectionStatus;
}

interface GivenRating {
  readonly member: string;
  readonly event: string;
  readonly time: string;
  readonly rating: Rating;
}

interface ReplayedAnswer extends Authored {
  readonly prediction: EventData<'PredictionMade'>;
  readonly event: string;
  readonly corrections: GivenCorrection[];
  readonly ratings: Map<string, GivenRating>;
}

type Candidate = { readonly example: TrainingExample; readonly provenance: Provenance };

/**
 * The dataset of a selection from the ledger up to the last event taken. A pure function of those events: the
 * same events and the same selection give the same bytes on every machine.
 */
export class Replay {
  readonly #selection: Selection;
  /** In ledger order of the answer, which is the order of insertion. */
  readonly #answers = new Map<string, ReplayedAnswer>();
  readonly #correctionAuthors = new Map<string, GivenCorrection>();
  readonly #members = new Map<string, MemberState>();
  readonly #splits = new Map<string, Provenance['split']>();
  #through: string | null = null;

  constructor(selection: Selection) {
    this.#selection = selection;
  }

  /** The id of the last event taken. */
  get through(): string | null {
    return this.#through;
  }

  /** Takes the scope's events in the order of the ledger. */
  take(event: Recorded): void {
    this.#through = event.id;
    switch (event.type) {
      case 'PredictionMade':
        this.#answers.set(event.data.answer, {
          prediction: event.data,
          member: event.metadata.actor,
          origin: event.metadata.origin,
          event: event.id,
          corrections: [],
          ratings: new Map(),
        });
        break;
      case 'CorrectionGiven':
        this.#takeCorrection(event);
        break;
      case 'CorrectionApproved':
        this.#setStatus(event.data.correction, 'standing');
        break;
      case 'CorrectionRejected':
        this.#setStatus(event.data.correction, 'rejected');
        break;
      case 'CorrectionWithdrawn':
        this.#setStatus(event.data.correction, 'withdrawn');
        break;
      case 'FeedbackGiven':
        this.#takeRating(event);
        break;
      case 'ConsentGiven':
      case 'ConsentWithdrawn':
      case 'MemberErased':
        this.#members.set(event.data.member, consentAfter(event));
        break;
    }
  }

  /** The examples in order, and between them what is left out. */
  *entries(): Generator<ReplayedEntry> {
    const taken = new Set<string>();
    for (const answer of this.#answers.values()) {
      for (const candidate of this.#candidates(answer)) {
        if (!('example' in candidate)) {
          yield candidate;
          continue;
        }
        const { example, provenance } = candidate;
        const text = datasetLine(example);
        const reason = this.#isTooLong(text) ? 'too_long' : taken.has(text) ? 'duplicate' : null;
        if (reason === null) {
          taken.add(text);
          yield { kind: 'example', line: taken.size, text, provenance };
        } else {
          yield leftOut(reason, answer, provenance.correction);
        }
      }
    }
  }

  #takeCorrection({ id: event, data, metadata }: Recorded<'CorrectionGiven'>): void {
    const correction: GivenCorrection = {
      id: data.correction,
      event,
      member: data.member,
      origin: metadata.origin,
      time: metadata.time,
      text: data.text,
      status: data.review === 'required' ? 'awaiting_review' : 'standing',
    };
    this.#correctionAuthors.set(correction.id, correction);
    this.#answers.get(data.answer)?.corrections.push(correction);
  }

  #takeRating({ id: event, data, metadata }: Recorded<'FeedbackGiven'>): void {
    const { answer, member, rating } = data;
    if (answer === null || rating === null) return;
    this.#answers.get(answer)?.ratings.set(member, { member, rating, event, time: metadata.time });
  }

  #setStatus(id: string, status: CorrectionStatus): void {
    const correction = this.#correctionAuthors.get(id);
    if (correction !== undefined) correction.status = status;
  }

  #candidates(answer: ReplayedAnswer): Iterable<Candidate | Extract<ReplayedEntry, { kind: 'left_out' }>> {
    return this.#selection.format === 'kto'
      ? this.#ratedCandidates(answer)
      : this.#correctedCandidates(answer);
  }

  *#correctedCandidates(answer: ReplayedAnswer) {
    const winner = answer.corrections.findLast(({ status }) => status === 'standing');
    for (const correction of answer.corrections) {
      const reason =
        correction === winner ? this.#reasonAgainst(answer, correction) : lossOf(correction.status);
      yield reason === null
        ? {
            example: this.#corrected(answer, correction),
            provenance: this.#provenance(answer, [correction], correction.id),
          }
        : leftOut(reason, answer, correction.id);
    }
  }

  #reasonAgainst(answer: ReplayedAnswer, correction: GivenCorrection): LeftOutReason | null {
    const { format, since } = this.#selection;
    if (since !== null && correction.time < since) return 'before_selection';
    if (format === 'dpo' && correction.text === answer.prediction.response) return 'same_as_answer';
    return this.#forbids(answer) ?? this.#forbids(correction);
  }

  #corrected(answer: ReplayedAnswer, correction: GivenCorrection): TrainingExample {
    const messages = this.#promptOf(answer);
    const preferred = { role: 'assistant', content: correction.text } as const;
    if (this.#selection.format === 'sft') return { format: 'sft', messages: [...messages, preferred] };
    return {
      format: 'dpo',
      input: { messages },
      preferred_output: [preferred],
      non_preferred_output: [{ role: 'assistant', content: answer.prediction.response }],
    };
  }

  *#ratedCandidates(answer: ReplayedAnswer) {
    const { since } = this.#selection;
    const ratings = [...answer.ratings.values()];
    if (ratings.length === 0) return;
    const counted = ratings.filter(({ time }) => since === null || time >= since);
    const sum = counted.reduce((total, { rating }) => total + (rating === 'up' ? 1 : -1), 0);
    const reason =
      counted.length === 0 ? 'before_selection' : sum === 0 ? 'ratings_tied' : this.#forbids(answer);
    yield reason === null
      ? { example: this.#rated(answer, sum > 0), provenance: this.#provenance(answer, counted, null) }
      : leftOut(reason, answer, null);
  }

  #rated(answer: ReplayedAnswer, label: boolean): TrainingExample {
    const completion = { role: 'assistant', content: answer.prediction.response } as const;
    return { format: 'kto', prompt: this.#promptOf(answer), completion: [completion], label };
  }

  /** The prompt as it was sent; without the turns before it where one of those may not be trained on. */
  #promptOf({ prediction: { messages } }: ReplayedAnswer): ChatMessage[] {
    const permitted = messages.slice(0, -1).every((message) => this.#permitsTurn(message));
    return (permitted ? messages : messages.slice(-1)).map(({ role, content }) => ({ role, content }));
  }

  #permitsTurn({ answer, correction }: PromptMessage): boolean {
    const earlier = answer === null ? undefined : this.#answers.get(answer);
    if (earlier !== undefined && this.#forbids(earlier) !== null) return false;
    const corrected = correction === null ? undefined : this.#correctionAuthors.get(correction);
    return corrected === undefined || (corrected.status === 'standing' && this.#forbids(corrected) === null);
  }

  #forbids({ member, origin }: Authored): LeftOutReason | null {
    const { permittedOrigins, consentRequired } = this.#selection.policy;
    const consent = this.#members.get(member);
    if (consent === 'erased') return 'erased';
    if (!permittedOrigins.includes(origin)) return 'origin_not_permitted';
    if (consent === 'withdrawn') return 'not_consented';
    return consentRequired.includes(origin) && consent !== 'consented' ? 'not_consented' : null;
  }

  #provenance(
    answer: ReplayedAnswer,
    sources: readonly { readonly member: string; readonly event: string; readonly origin?: Origin }[],
    correction: string | null,
  ): Provenance {
    const { answer: id, conversation } = answer.prediction;
    return {
      answer: id,
      correction,
      conversation,
      members: unique([answer.member, ...sources.map(({ member }) => member)]),
      origins: unique([answer.origin, ...sources.flatMap(({ origin }) => origin ?? [])]),
      events: [answer.event, ...sources.map(({ event }) => event)],
      split: this.#splitOf(conversation),
    };
  }

  #splitOf(conversation: string): Provenance['split'] {
    const known = this.#splits.get(conversation);
    if (known !== undefined) return known;
    const split = fractionOf(conversation) < VALIDATION_SHARE ? 'validation' : 'train';
    this.#splits.set(conversation, split);
    return split;
  }

  #isTooLong(text: string): boolean {
    const { maxExampleBytes } = this.#selection.policy;
    // A UTF-16 unit takes at most three bytes, so most lines need no counting.
    return text.length * 3 > maxExampleBytes && new TextEncoder().encode(text).length > maxExampleBytes;
  }
}

/** A line of the manifest that stands beside a built dataset; the first one says how it was built. */
export function manifestHeader(selection: Selection, through: string | null): string {
  return `${canonicalize({ kind: 'dataset', ...selection, through })}\n`;
}

export function manifestLine(entry: ReplayedEntry): string {
  if (entry.kind === 'left_out') return `${canonicalize(entry)}\n`;
  const { kind, line, provenance } = entry;
  return `${canonicalize({ kind, line, ...provenance })}\n`;
}

function lossOf(status: CorrectionStatus): LeftOutReason {
  return status === 'standing' ? 'superseded' : status;
}

function leftOut(
  reason: LeftOutReason,
  { prediction }: ReplayedAnswer,
  correction: string | null,
): Extract<ReplayedEntry, { kind: 'left_out' }> {
  return { kind: 'left_out', reason, answer: prediction.answer, correction };
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
