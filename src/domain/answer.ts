import { type Decider, type Decision, eventsOfTypes } from './decider.ts';
import type { EventData, EventOf, Rating } from './events.ts';
import { shorten } from './identifiers.ts';
import { Refusal } from './refusal.ts';

export type AnswerEvent = EventOf<
  | 'PredictionMade'
  | 'PredictionFailed'
  | 'CorrectionGiven'
  | 'CorrectionApproved'
  | 'CorrectionRejected'
  | 'CorrectionWithdrawn'
  | 'FeedbackGiven'
>;

export type AnswerCommand =
  | { readonly kind: 'record prediction'; readonly prediction: EventData<'PredictionMade'> }
  | { readonly kind: 'record failure'; readonly failure: EventData<'PredictionFailed'> }
  | { readonly kind: 'give correction'; readonly correction: EventData<'CorrectionGiven'> }
  | ({ readonly kind: 'approve correction'; readonly reviewer: Reviewer } & EventData<'CorrectionApproved'>)
  | ({ readonly kind: 'reject correction'; readonly reviewer: Reviewer } & EventData<'CorrectionRejected'>)
  | { readonly kind: 'withdraw correction'; readonly answer: string; readonly member: string }
  | {
      readonly kind: 'give feedback';
      readonly answer: string;
      readonly feedback: EventData<'FeedbackGiven'>;
    };

/** Who decides on a correction. */
export interface Reviewer {
  readonly member: string;
  readonly isTrainer: boolean;
}

/** The latest `standing` correction of an answer is the one that counts. */
export type CorrectionStatus = 'standing' | 'awaiting_review' | 'rejected' | 'withdrawn';

interface Correction {
  readonly id: string;
  readonly member: string;
  readonly status: CorrectionStatus;
}

export type AnswerState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed' }
  | {
      readonly kind: 'given';
      /** In the order in which they were given. */
      readonly corrections: readonly Correction[];
      /** Each member's rating of today. */
      readonly ratings: ReadonlyMap<string, Rating>;
    };

export const answerDecider: Decider<AnswerCommand, AnswerState, AnswerEvent> = {
  initial: { kind: 'unknown' },
  takes: eventsOfTypes<AnswerEvent>(
    'PredictionMade',
    'PredictionFailed',
    'CorrectionGiven',
    'CorrectionApproved',
    'CorrectionRejected',
    'CorrectionWithdrawn',
    'FeedbackGiven',
  ),
  decide,
  evolve,
};

function decide(command: AnswerCommand, state: AnswerState): Decision<AnswerEvent> {
  switch (command.kind) {
    case 'record prediction':
      return state.kind === 'unknown' ? [{ type: 'PredictionMade', data: command.prediction }] : [];
    case 'record failure':
      return state.kind === 'unknown' ? [{ type: 'PredictionFailed', data: command.failure }] : [];
    default:
      return decideOnGiven(command, state);
  }
}

type CommandOnGiven = Exclude<AnswerCommand, { kind: 'record prediction' | 'record failure' }>;

function decideOnGiven(command: CommandOnGiven, state: AnswerState): Decision<AnswerEvent> {
  if (state.kind === 'unknown') return new Refusal(({ refusals }) => refusals.answer.unknown);
  if (state.kind === 'failed') {
    return new Refusal(({ refusals }) => refusals.answer.failed);
  }
  switch (command.kind) {
    case 'give correction':
      return [{ type: 'CorrectionGiven', data: command.correction }];
    case 'approve correction':
      return decideReview(state.corrections, command, {
        type: 'CorrectionApproved',
        data: {
          answer: command.answer,
          correction: command.correction,
          text: command.text,
          question: command.question,
        },
      });
    case 'reject correction':
      return decideReview(state.corrections, command, {
        type: 'CorrectionRejected',
        data: { answer: command.answer, correction: command.correction, reason: command.reason },
      });
    case 'withdraw correction':
      return decideWithdrawal(state.corrections, command.answer, command.member);
    case 'give feedback': {
      const { rating, remark, member } = command.feedback;
      const saysNothing = rating === null || rating === state.ratings.get(member);
      return saysNothing && remark === null ? [] : [{ type: 'FeedbackGiven', data: command.feedback }];
    }
  }
}

function decideReview(
  corrections: readonly Correction[],
  { correction: id, reviewer }: { readonly correction: string; readonly reviewer: Reviewer },
  event: EventOf<'CorrectionApproved' | 'CorrectionRejected'>,
): Decision<AnswerEvent> {
  const correction = corrections.find((candidate) => candidate.id === id);
  if (correction === undefined) return new Refusal(({ review }) => review.unknown(shorten(id)));
  const { status, member } = correction;
  if (status !== 'awaiting_review') return new Refusal(({ review }) => review.decided[status](shorten(id)));
  if (reviewer.isTrainer) return [event];
  return new Refusal(({ review }) => (member === reviewer.member ? review.own : review.forTrainers));
}

function decideWithdrawal(
  corrections: readonly Correction[],
  answer: string,
  member: string,
): Decision<AnswerEvent> {
  const own = corrections.findLast(
    (correction) => correction.member === member && isWithdrawable(correction.status),
  );
  if (own === undefined) {
    return new Refusal(({ refusals }) => refusals.answer.noneToWithdraw({ answer: shorten(answer) }));
  }
  return [{ type: 'CorrectionWithdrawn', data: { answer, correction: own.id } }];
}

function isWithdrawable(status: CorrectionStatus): boolean {
  return status === 'standing' || status === 'awaiting_review';
}

function evolve(state: AnswerState, event: AnswerEvent): AnswerState {
  switch (event.type) {
    case 'PredictionMade':
      return { kind: 'given', corrections: [], ratings: new Map() };
    case 'PredictionFailed':
      return { kind: 'failed' };
    default:
      return state.kind === 'given' ? evolveGiven(state, event) : state;
  }
}

function evolveGiven(
  state: Extract<AnswerState, { kind: 'given' }>,
  event: Exclude<AnswerEvent, { type: 'PredictionMade' | 'PredictionFailed' }>,
): AnswerState {
  switch (event.type) {
    case 'CorrectionGiven': {
      const { correction: id, member, review } = event.data;
      const status = review === 'required' ? 'awaiting_review' : 'standing';
      return { ...state, corrections: [...state.corrections, { id, member, status }] };
    }
    case 'CorrectionApproved':
      return withStatus(state, event.data.correction, 'standing');
    case 'CorrectionRejected':
      return withStatus(state, event.data.correction, 'rejected');
    case 'CorrectionWithdrawn':
      return withStatus(state, event.data.correction, 'withdrawn');
    case 'FeedbackGiven': {
      const { member, rating } = event.data;
      return rating === null ? state : { ...state, ratings: new Map(state.ratings).set(member, rating) };
    }
  }
}

function withStatus(
  state: Extract<AnswerState, { kind: 'given' }>,
  id: string,
  status: CorrectionStatus,
): AnswerState {
  const corrections = state.corrections.map((correction) =>
    correction.id === id ? { ...correction, status } : correction,
  );
  return { ...state, corrections };
}
