import fc from 'fast-check';
import { type AnswerCommand, type AnswerState, answerDecider } from '../../src/domain/answer.ts';
import type { PromptMessage } from '../../src/domain/events.ts';
import type { Origin } from '../../src/domain/policy.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { asks, consents, type Happening, isErased, message, takesConsentBack } from './story.ts';

const move = fc.record({
  does: fc.oneof(
    { weight: 40, arbitrary: fc.constant('asks' as const) },
    { weight: 60, arbitrary: fc.constant('corrects' as const) },
    { weight: 30, arbitrary: fc.constant('rates' as const) },
    { weight: 30, arbitrary: fc.constantFrom('approves' as const, 'rejects' as const, 'withdraws' as const) },
    { weight: 8, arbitrary: fc.constantFrom('consents' as const, 'takesConsentBack' as const) },
    { weight: 2, arbitrary: fc.constant('isErased' as const) },
  ),
  by: fc.constantFrom('ada', 'bob', 'cy', 'dan', 'eve'),
  origin: fc.oneof(
    { weight: 4, arbitrary: fc.constant<Origin>('console') },
    fc.constantFrom<Origin>('message', 'upload'),
  ),
  /** Counted back from the newest. */
  answer: fc.nat(4),
  correction: fc.nat(2),
  /** How many turns are sent along with a question. */
  turns: fc.nat(2),
  conversation: fc.integer({ min: 1, max: 20 }).map((number) => `conversation-${number}`),
  review: fc.oneof(
    { weight: 3, arbitrary: fc.constant('not_required' as const) },
    fc.constant('required' as const),
  ),
  rating: fc.constantFrom('up' as const, 'down' as const),
  /** Whether a correction comes with a question: none, the one that was asked, or another one. */
  question: fc.constantFrom('none' as const, 'none' as const, 'the same' as const, 'another' as const),
  edits: fc.constantFrom('nothing' as const, 'the text' as const, 'both' as const),
});
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

interface Answer {
  readonly id: string;
  state: AnswerState;
  readonly corrections: string[];
  /** As it is sent along with the next question. */
  turn: PromptMessage[];
}

/** Any history of a scope. What a person wrote holds the id of the event that it came with: `<e1>`. */
export const story = fc.array(move, { minLength: 40, maxLength: 100 }).map((moves): Happening[] => {
  const happenings: Happening[] = [];
  const answers: Answer[] = [];
  for (const each of moves) happenings.push(...happening(each, answers, `<e${happenings.length + 1}>`));
  return happenings;
});

function happening(moved: Move, answers: Answer[], words: string): readonly Happening[] {
  const { does, by, origin } = moved;
  switch (does) {
    case 'asks':
      return [ask(moved, answers, words)];
    case 'consents':
      return [consents(by)];
    case 'takesConsentBack':
      return [takesConsentBack(by)];
    case 'isErased':
      return [isErased(by)];
  }
  const answer = answers.at(-1 - moved.answer);
  if (answer === undefined) return [];
  const decision = answerDecider.decide(commandOn(answer, { ...moved, does }, words), answer.state);
  if (decision instanceof Refusal) return [];
  answer.state = decision.reduce(answerDecider.evolve, answer.state);
  return decision.map((event) => ({ ...event, by, origin }));
}

function ask({ by, origin, conversation, turns }: Move, answers: Answer[], question: string): Happening {
  const id = `a${answers.length + 1}`;
  const after = answers.slice(Math.max(0, answers.length - turns)).flatMap(({ turn }) => turn);
  const turn = [
    { ...message('user', question), answer: id },
    { ...message('assistant', `${id}!`), answer: id },
  ];
  const state: AnswerState = { kind: 'given', corrections: [], ratings: new Map() };
  answers.push({ id, state, corrections: [], turn });
  return asks(id, { by, origin, conversation, question, after });
}

type MoveOnAnswer = Move & { does: 'corrects' | 'rates' | 'approves' | 'rejects' | 'withdraws' };

function commandOn(about: Answer, moved: MoveOnAnswer, text: string): AnswerCommand {
  const { id: answer, corrections } = about;
  const { does, by: member, review, rating } = moved;
  const correction = corrections.at(-1 - moved.correction) ?? '';
  const reviewer = { member, isTrainer: true };
  switch (does) {
    case 'corrects':
      return correct(about, { member, review, text, question: questionOf(about, moved, text) });
    case 'rates':
      return { kind: 'give feedback', answer, feedback: { answer, member, rating, remark: null } };
    case 'approves':
      return { kind: 'approve correction', answer, correction, reviewer, ...editedBy(moved, text) };
    case 'rejects':
      return { kind: 'reject correction', answer, correction, reviewer, reason: null };
    case 'withdraws':
      return { kind: 'withdraw correction', answer, member };
  }
}

function correct(
  about: Answer,
  given: { member: string; review: Move['review']; text: string; question: string | null },
): AnswerCommand {
  const { id: answer, corrections } = about;
  const correction = `${answer}c${corrections.length + 1}`;
  corrections.push(correction);
  const reply = { ...message('assistant', given.text), answer, correction };
  about.turn = [...about.turn.slice(0, 1), reply];
  return { kind: 'give correction', correction: { answer, correction, ...given } };
}

function questionOf({ turn }: Answer, { question }: Move, words: string): string | null {
  if (question === 'none') return null;
  return question === 'the same' ? (turn[0]?.content ?? null) : words;
}

function editedBy({ edits }: Move, words: string): { text: string | null; question: string | null } {
  return { text: edits === 'nothing' ? null : words, question: edits === 'both' ? words : null };
}
