import {
  type DomainEvent,
  decodeEvent,
  type PromptMessage,
  type Rating,
  type Recorded,
  schemaVersion,
} from '../../src/domain/events.ts';
import type { Origin } from '../../src/domain/policy.ts';
import { metadata, samples, stored } from './samples.ts';

/** What happened, and who did it how. */
export type Happening = DomainEvent & { readonly by: string; readonly origin: Origin };

interface By {
  readonly by?: string;
  readonly origin?: Origin;
}

/**
 * The happenings as the ledger gives them back: the first one has the id `e1` and happened on 1 January 2026 at
 * midnight, the next one is `e2` and happened a day later.
 */
export function told(...happenings: readonly Happening[]): Recorded[] {
  return happenings.map(({ type, data, by, origin }, index) =>
    decodeEvent(
      stored(type, data, {
        id: `e${index + 1}`,
        position: `${index + 1}`,
        metadata: {
          ...metadata,
          actor: by,
          origin,
          time: onDay(index + 1),
          schemaVersion: schemaVersion(type),
        },
      }),
    ),
  );
}

export function onDay(day: number): string {
  return new Date(Date.UTC(2026, 0, day)).toISOString();
}

interface Asked extends By {
  readonly question?: string;
  readonly response?: string;
  readonly conversation?: string;
  /** The turns before the question. */
  readonly after?: readonly PromptMessage[];
}

/** The question of `a1` is `a1?`, and what the model answers `a1!`. */
export function asks(answer: string, asked: Asked = {}): Happening {
  const { question = `${answer}?`, response = `${answer}!`, conversation = 'talk', after = [] } = asked;
  const messages = [...after, message('user', question)];
  const data = { ...samples.PredictionMade, answer, conversation, messages, response };
  return done({ type: 'PredictionMade', data }, asked);
}

/** What a question and its answer look like before the next question. */
export function turn(
  answer: string,
  reply = `${answer}!`,
  correction: string | null = null,
): PromptMessage[] {
  return [
    { ...message('user', `${answer}?`), answer },
    { ...message('assistant', reply), answer, correction },
  ];
}

export function message(role: PromptMessage['role'], content: string): PromptMessage {
  return { role, content, answer: null, correction: null };
}

interface Corrected extends By {
  readonly text?: string;
  readonly question?: string;
  readonly review?: 'required';
}

/** The text of `c1` is `c1!`. */
export function corrects(answer: string, correction: string, corrected: Corrected = {}): Happening {
  const { text = `${correction}!`, question = null, review = 'not_required', by = 'ada' } = corrected;
  return done(
    { type: 'CorrectionGiven', data: { answer, correction, member: by, text, question, review } },
    corrected,
  );
}

interface Edited extends By {
  readonly text?: string;
  readonly question?: string;
}

/** As it was given where nothing was edited. */
export function approves(answer: string, correction: string, edited: Edited = {}): Happening {
  const { text = null, question = null } = edited;
  return done({ type: 'CorrectionApproved', data: { answer, correction, text, question } }, edited);
}

export function rejects(answer: string, correction: string): Happening {
  return done({ type: 'CorrectionRejected', data: { answer, correction, reason: null } });
}

export function withdraws(answer: string, correction: string): Happening {
  return done({ type: 'CorrectionWithdrawn', data: { answer, correction } });
}

export function rates(answer: string | null, rating: Rating | null, by = 'ada'): Happening {
  return done({ type: 'FeedbackGiven', data: { answer, member: by, rating, remark: 'so it is' } }, { by });
}

export function consents(member: string): Happening {
  return done({ type: 'ConsentGiven', data: { member } });
}

export function takesConsentBack(member: string): Happening {
  return done({ type: 'ConsentWithdrawn', data: { member } });
}

export function isErased(member: string): Happening {
  return done({ type: 'MemberErased', data: { member } });
}

function done(event: DomainEvent, { by = 'ada', origin = 'console' }: By = {}): Happening {
  return { ...event, by, origin };
}
