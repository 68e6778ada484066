import canonicalize from 'canonicalize';
import type { CorrectionStatus } from './answer.ts';
import type { EventData, LeftOutReason, PromptMessage, Rating, Recorded } from './events.ts';
import {
  type ChatMessage,
  type DatasetFormat,
  datasetLine,
  isLongerThan,
  type TrainingExample,
} from './examples.ts';
import { type Split, splitOf } from './held-out.ts';
import { consentAfter, type MemberState } from './member.ts';
import type { Origin, Policy } from './policy.ts';
import { sortedJson } from './sorted-json.ts';

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
  readonly split: Split;
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

interface Authored {
  readonly member: string;
  readonly origin: Origin;
  readonly event: string;
  /** Of the event, among those taken. */
  readonly ordinal: number;
}

interface GivenCorrection extends Authored {
  readonly id: string;
  readonly time: string;
  /** As it counts: as it was given, or as it was edited when it was approved. */
  text: string;
  /** Makes it a whole example of its own; null where it corrects only the answer. */
  question: string | null;
  /** Who edited it. */
  editor: Authored | null;
  status: CorrectionStatus;
}

interface GivenRating {
  /** Of the event, among those taken. */
  readonly ordinal: number;
  readonly member: string;
  readonly event: string;
  readonly time: string;
  readonly rating: Rating;
}

/** What is kept of a prediction: a hundred thousand of them stay in memory together. */
interface ReplayedAnswer
  extends Authored,
    Pick<EventData<'PredictionMade'>, 'answer' | 'conversation' | 'messages' | 'response'> {
  /** Most answers have none or one, so an array or a map comes with the first. */
  corrections: GivenCorrection[] | null;
  ratings: Map<string, GivenRating> | null;
}

/** A turn that repeats a correction names the answer that it corrects, too. */
type NamedCorrection = Pick<PromptMessage, 'answer'> & Pick<EventData<'CorrectionGiven'>, 'correction'>;

interface Prompt {
  readonly messages: PromptMessage[];
  /** Whose words stand in the turns before the question. */
  readonly turns: readonly Authored[];
}

/** An event that an example is made of; a rating has no text, so how it came does not matter. */
interface Source {
  readonly member: string;
  readonly event: string;
  readonly origin?: Origin;
}

type Candidate = {
  readonly kind: 'candidate';
  readonly example: TrainingExample;
  readonly provenance: Provenance;
};
type LeftOut = Extract<ReplayedEntry, { kind: 'left_out' }>;

/**
 * The dataset of a selection from the ledger up to the last event taken. A pure function of those events: the
 * same events and the same selection give the same bytes on every machine.
 */
export class Replay {
  readonly #selection: Selection;
  /** In ledger order of the answer, which is the order of insertion. */
  readonly #answers = new Map<string, ReplayedAnswer>();
  readonly #members = new Map<string, MemberState>();
  /** The ordinal of each member's latest erasure. */
  readonly #erasures = new Map<string, number>();
  readonly #splits = new Map<string, Provenance['split']>();
  #through: string | null = null;
  #ordinal = 0;

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
    this.#ordinal++;
    switch (event.type) {
      case 'PredictionMade':
        this.#takePrediction(event);
        break;
      case 'CorrectionGiven':
        this.#takeCorrection(event);
        break;
      case 'CorrectionApproved':
        this.#approve(event);
        break;
      case 'CorrectionRejected':
        this.#setStatus(event.data, 'rejected');
        break;
      case 'CorrectionWithdrawn':
        this.#setStatus(event.data, 'withdrawn');
        break;
      case 'FeedbackGiven':
        this.#takeRating(event);
        break;
      case 'ConsentGiven':
      case 'ConsentWithdrawn':
        this.#members.set(event.data.member, consentAfter(event));
        break;
      case 'MemberErased':
        this.#members.set(event.data.member, consentAfter(event));
        this.#erasures.set(event.data.member, this.#ordinal);
        break;
    }
  }

  /** The examples in order, and between them what is left out. */
  *entries(): Generator<ReplayedEntry> {
    const taken = new Set<string>();
    for (const answer of this.#answers.values()) {
      if (this.#selection.format === 'kto') {
        const judged = this.#rated(answer);
        if (judged !== null) yield this.#placed(judged, taken);
      } else if (answer.corrections !== null) {
        const winner = answer.corrections.findLast(({ status }) => status === 'standing');
        for (const correction of answer.corrections) {
          yield this.#placed(this.#corrected(answer, correction, winner), taken);
        }
      }
    }
  }

  #placed(judged: Candidate | LeftOut, taken: Set<string>): ReplayedEntry {
    if (judged.kind === 'left_out') return judged;
    const { example, provenance } = judged;
    const text = datasetLine(example);
    const reason = isLongerThan(this.#selection.policy.maxExampleBytes, text)
      ? 'too_long'
      : taken.has(text)
        ? 'duplicate'
        : null;
    if (reason !== null) return leftOut(reason, provenance.answer, provenance.correction);
    taken.add(text);
    return { kind: 'example', line: taken.size, text, provenance };
  }

  #takePrediction({ id: event, data, metadata }: Recorded<'PredictionMade'>): void {
    const { answer, conversation, messages, response } = data;
    this.#answers.set(answer, {
      answer,
      conversation,
      messages,
      response,
      member: metadata.actor,
      origin: metadata.origin,
      event,
      ordinal: this.#ordinal,
      corrections: null,
      ratings: null,
    });
  }

  #takeCorrection({ id: event, data, metadata }: Recorded<'CorrectionGiven'>): void {
    const answer = this.#answers.get(data.answer);
    if (answer === undefined) return;
    const correction: GivenCorrection = {
      id: data.correction,
      member: data.member,
      origin: metadata.origin,
      event,
      ordinal: this.#ordinal,
      time: metadata.time,
      text: data.text,
      question: data.question,
      editor: null,
      status: data.review === 'required' ? 'awaiting_review' : 'standing',
    };
    if (answer.corrections === null) answer.corrections = [correction];
    else answer.corrections.push(correction);
  }

  #takeRating({ id: event, data, metadata }: Recorded<'FeedbackGiven'>): void {
    const { member, rating } = data;
    if (data.answer === null || rating === null) return;
    const answer = this.#answers.get(data.answer);
    if (answer === undefined) return;
    answer.ratings ??= new Map();
    answer.ratings.set(member, { member, rating, event, time: metadata.time, ordinal: this.#ordinal });
  }

  #approve({ id: event, data, metadata }: Recorded<'CorrectionApproved'>): void {
    this.#setStatus(data, 'standing');
    const correction = this.#given(data);
    if (correction === undefined || (data.text === null && data.question === null)) return;
    correction.text = data.text ?? correction.text;
    correction.question = data.question ?? correction.question;
    correction.editor = { member: metadata.actor, origin: metadata.origin, event, ordinal: this.#ordinal };
  }

  #setStatus(named: NamedCorrection, status: CorrectionStatus): void {
    const correction = this.#given(named);
    if (correction !== undefined) correction.status = status;
  }

  #given({ answer, correction }: NamedCorrection): GivenCorrection | undefined {
    if (answer === null) return undefined;
    return this.#answers.get(answer)?.corrections?.find(({ id }) => id === correction);
  }

  #corrected(
    answer: ReplayedAnswer,
    correction: GivenCorrection,
    winner: GivenCorrection | undefined,
  ): Candidate | LeftOut {
    const reason =
      correction === winner ? this.#reasonAgainst(answer, correction) : lossOf(correction.status);
    if (reason !== null) return leftOut(reason, answer.answer, correction.id);
    const { messages, sources } = this.#inputOf(answer, correction);
    const preferred = { role: 'assistant', content: correction.text } as const;
    const provenance = this.#provenance([...sources, ...authorsOf(correction)], answer, correction.id);
    if (this.#selection.format === 'sft')
      return {
        kind: 'candidate',
        example: { format: 'sft', messages: [...messages, preferred] },
        provenance,
      };
    return {
      kind: 'candidate',
      example: {
        format: 'dpo',
        input: { messages },
        preferred_output: [preferred],
        non_preferred_output: [{ role: 'assistant', content: answer.response }],
      },
      provenance,
    };
  }

  #reasonAgainst(answer: ReplayedAnswer, correction: GivenCorrection): LeftOutReason | null {
    const { format, since } = this.#selection;
    if (since !== null && correction.time < since) return 'before_selection';
    if (format === 'dpo' && correction.text === answer.response) return 'same_as_answer';
    return this.#forbidsInput(answer, correction) ?? this.#forbidsCorrection(correction);
  }

  /**
   * A question that was handed in with the better answer was given on purpose, however the first one came. Where
   * it repeats the first one to the letter, whoever asked that must not have taken their words back. In dpo the
   * answer that is not preferred was given to the first one: it belongs to no other question, unless what it
   * answered may be trained on, too.
   */
  #forbidsInput(answer: ReplayedAnswer, { question }: GivenCorrection): LeftOutReason | null {
    if (question === null) return this.#forbids(answer);
    if (repeats(question, answer)) return this.#forbidsMember(answer);
    return this.#selection.format === 'dpo' ? this.#forbids(answer) : null;
  }

  #forbidsCorrection(correction: GivenCorrection): LeftOutReason | null {
    for (const author of authorsOf(correction)) {
      const reason = this.#forbids(author);
      if (reason !== null) return reason;
    }
    return null;
  }

  /** What the better answer answers, and where that comes from apart from the correction. */
  #inputOf(
    answer: ReplayedAnswer,
    { question }: GivenCorrection,
  ): { readonly messages: ChatMessage[]; readonly sources: readonly Source[] } {
    if (question === null) {
      const { messages, turns } = this.#promptOf(answer);
      return { messages, sources: [answer, ...turns] };
    }
    const messages: ChatMessage[] = [{ role: 'user', content: question }];
    // However the first question came, this is how it came into the example.
    const { member, event } = answer;
    if (repeats(question, answer)) return { messages, sources: [{ member, event }] };
    return { messages, sources: this.#selection.format === 'dpo' ? [answer] : [] };
  }

  /** Null where nobody rated it. */
  #rated(answer: ReplayedAnswer): Candidate | LeftOut | null {
    if (answer.ratings === null) return null;
    const { since } = this.#selection;
    const selected = [...answer.ratings.values()].filter(({ time }) => since === null || time >= since);
    const counted = selected.filter((rating) => this.#forbidsMember(rating) === null);
    const sum = counted.reduce((total, { rating }) => total + (rating === 'up' ? 1 : -1), 0);
    const [uncounted] = selected;
    const reason =
      uncounted === undefined
        ? 'before_selection'
        : ((counted.length === 0 ? this.#forbidsMember(uncounted) : null) ??
          (sum === 0 ? 'ratings_tied' : this.#forbids(answer)));
    if (reason !== null) return leftOut(reason, answer.answer, null);
    const { messages: prompt, turns } = this.#promptOf(answer);
    const completion = { role: 'assistant', content: answer.response } as const;
    return {
      kind: 'candidate',
      example: { format: 'kto', prompt, completion: [completion], label: sum > 0 },
      provenance: this.#provenance([answer, ...turns, ...counted], answer, null),
    };
  }

  /** The prompt as it was sent; without the turns before it where one of those may not be trained on. */
  #promptOf({ messages }: ReplayedAnswer): Prompt {
    if (messages.length === 1) return { messages, turns: [] };
    const turns = messages.slice(0, -1).map((message) => this.#authorsOf(message));
    const permitted = turns.every((authors) => authors !== null);
    return {
      messages: permitted ? messages : messages.slice(-1),
      turns: permitted ? turns.flat() : [],
    };
  }

  /** Whose words a turn repeats; null where it may not be trained on, as what is not known here may not. */
  #authorsOf({ answer, correction }: PromptMessage): readonly Authored[] | null {
    const asked = answer === null ? [] : [this.#answers.get(answer)];
    const corrected = correction === null ? [] : [this.#given({ answer, correction })];
    if (corrected.some((given) => given?.status !== 'standing')) return null;
    const known = [...asked, ...corrected].every((author) => author !== undefined);
    const authors = [...asked, ...corrected.flatMap((given) => given && authorsOf(given))].filter(
      (author) => author !== undefined,
    );
    return known && authors.every((author) => this.#forbids(author) === null) ? authors : null;
  }

  #forbids({ member, origin, ordinal }: Authored): LeftOutReason | null {
    const { permittedOrigins, consentRequired } = this.#selection.policy;
    const forbidden = this.#forbidsMember({ member, ordinal });
    if (forbidden === 'erased') return forbidden;
    if (!permittedOrigins.includes(origin)) return 'origin_not_permitted';
    const needsConsent = consentRequired.includes(origin) && this.#members.get(member) !== 'consented';
    return forbidden ?? (needsConsent ? 'not_consented' : null);
  }

  #forbidsMember({ member, ordinal }: Pick<Authored, 'member' | 'ordinal'>): LeftOutReason | null {
    const consent = this.#members.get(member);
    // Who comes back after an erasure and consents does not bring back what was erased.
    if (consent === 'erased' || ordinal < (this.#erasures.get(member) ?? 0)) return 'erased';
    return consent === 'withdrawn' ? 'not_consented' : null;
  }

  #provenance(
    sources: readonly Source[],
    { answer, conversation }: ReplayedAnswer,
    correction: string | null,
  ): Provenance {
    const members: string[] = [];
    const origins: Origin[] = [];
    const events: string[] = [];
    for (const { member, origin, event } of sources) {
      members.push(member);
      if (origin !== undefined) origins.push(origin);
      events.push(event);
    }
    return {
      answer,
      correction,
      conversation,
      members: unique(members),
      origins: unique(origins),
      events: unique(events),
      split: this.#splitOf(conversation),
    };
  }

  #splitOf(conversation: string): Provenance['split'] {
    const known = this.#splits.get(conversation);
    if (known !== undefined) return known;
    const split = splitOf(conversation);
    this.#splits.set(conversation, split);
    return split;
  }
}

/** A line of the manifest that stands beside a built dataset; the first one says how it was built. */
export function manifestHeader(selection: Selection, through: string | null): string {
  return `${canonicalize({ kind: 'dataset', ...selection, through })}\n`;
}

export function manifestLine(entry: ReplayedEntry): string {
  if (entry.kind === 'left_out') {
    const { answer, correction, kind, reason } = entry;
    return `${sortedJson({ answer, correction, kind, reason })}\n`;
  }
  const { kind, line, provenance } = entry;
  const { answer, conversation, correction, events, members, origins, split } = provenance;
  return `${sortedJson({ answer, conversation, correction, events, kind, line, members, origins, split })}\n`;
}

/** Whether a question is the one that was asked, but for white space around it. */
function repeats(question: string, { messages }: ReplayedAnswer): boolean {
  return question.trim() === messages.at(-1)?.content.trim();
}

/** Whose words a correction is in, as it counts. */
function authorsOf(correction: GivenCorrection): readonly Authored[] {
  return correction.editor === null ? [correction] : [correction, correction.editor];
}

function lossOf(status: CorrectionStatus): LeftOutReason {
  return status === 'standing' ? 'superseded' : status;
}

function leftOut(reason: LeftOutReason, answer: string, correction: string | null): LeftOut {
  return { kind: 'left_out', reason, answer, correction };
}

/** In the order of their first appearance. */
function unique<T>(values: readonly T[]): readonly T[] {
  // Most examples have two sources, for which a set would cost more than all the rest.
  if (values.length === 2) return values[0] === values[1] ? values.slice(1) : values;
  return [...new Set(values)];
}
