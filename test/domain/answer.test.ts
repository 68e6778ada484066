import { describe, it } from 'vitest';
import { type AnswerEvent, answerDecider } from '../../src/domain/answer.ts';
import type { EventData } from '../../src/domain/events.ts';
import { given } from './given.ts';
import { id, samples } from './samples.ts';

const answer = id(1);
const predicted: AnswerEvent = { type: 'PredictionMade', data: samples.PredictionMade };
const failed: AnswerEvent = { type: 'PredictionFailed', data: samples.PredictionFailed };

function corrected(correction: string, by: Partial<EventData<'CorrectionGiven'>> = {}) {
  const data = {
    answer,
    correction,
    member: 'ada',
    text: 'At nine.',
    question: null,
    review: 'not_required',
    ...by,
  } as const;
  return { type: 'CorrectionGiven', data } satisfies AnswerEvent;
}

function withdrawn(correction: string): AnswerEvent {
  return { type: 'CorrectionWithdrawn', data: { answer, correction } };
}

function feedback(rating: 'up' | 'down' | null, remark: string | null = null, member = 'ada') {
  return { type: 'FeedbackGiven', data: { answer, member, rating, remark } } satisfies AnswerEvent;
}

const asGiven = { text: null, question: null };
const approved: AnswerEvent = {
  type: 'CorrectionApproved',
  data: { answer, correction: id(3), ...asGiven },
};
const rejected: AnswerEvent = {
  type: 'CorrectionRejected',
  data: { answer, correction: id(3), reason: 'not so' },
};
const waiting = corrected(id(3), { review: 'required' });

const giveCorrection = { kind: 'give correction', correction: corrected(id(3)).data } as const;
const trainer = { member: 'cy', isTrainer: true };
const decision = { answer, correction: id(3), reviewer: trainer };
const approve = { kind: 'approve correction', ...decision, ...asGiven } as const;
const reject = { kind: 'reject correction', ...decision, reason: 'not so' } as const;
const withdraw = { kind: 'withdraw correction', answer, member: 'ada' } as const;
const rateUp = { kind: 'give feedback', answer, feedback: feedback('up').data } as const;

describe('an answer', () => {
  it('is recorded, or why there is none', () => {
    given(answerDecider)
      .when({ kind: 'record prediction', prediction: samples.PredictionMade })
      .thenRecords(predicted);
    given(answerDecider)
      .when({ kind: 'record failure', failure: samples.PredictionFailed })
      .thenRecords(failed);
  });

  it.each([{ before: predicted }, { before: failed }])(
    'is recorded once: after $before.type comes no other',
    ({ before }) => {
      given(answerDecider, before)
        .when({ kind: 'record prediction', prediction: samples.PredictionMade })
        .thenRecords();
      given(answerDecider, before)
        .when({ kind: 'record failure', failure: samples.PredictionFailed })
        .thenRecords();
    },
  );

  it.each([giveCorrection, approve, reject, withdraw, rateUp])(
    'must have been given for anyone to $kind',
    (command) => {
      given(answerDecider)
        .when(command)
        .thenRefuses(/^There is no such answer; !history lists/);
      given(answerDecider, failed)
        .when(command)
        .thenRefuses(/got no answer, .*; ask it again\.$/);
    },
  );
});

describe('a correction', () => {
  it('may be given as often as anyone likes', () => {
    given(answerDecider, predicted, corrected(id(2)), corrected(id(4), { member: 'bob' }))
      .when(giveCorrection)
      .thenRecords(corrected(id(3)));
  });

  it.each([
    { command: approve, event: approved },
    { command: reject, event: rejected },
  ])('that waits for review can be decided on: $command.kind', ({ command, event }) => {
    given(answerDecider, predicted, waiting).when(command).thenRecords(event);
  });

  it('is approved as it was edited', () => {
    const edited = { text: 'At nine sharp.', question: 'When do you open?' };
    given(answerDecider, predicted, waiting)
      .when({ ...approve, ...edited })
      .thenRecords({ type: 'CorrectionApproved', data: { answer, correction: id(3), ...edited } });
  });

  it.each([
    { who: 'somebody else', member: 'bob', sentence: /^Only trainers decide on corrections; ask one/ },
    { who: 'whoever gave it', member: 'ada', sentence: /^Your own correction waits for a trainer/ },
  ])('is not decided on by $who who is no trainer', ({ member, sentence }) => {
    for (const command of [approve, reject])
      given(answerDecider, predicted, waiting)
        .when({ ...command, reviewer: { member, isTrainer: false } })
        .thenRefuses(sentence);
  });

  it('is decided on by whoever gave it and has become a trainer since', () => {
    given(answerDecider, predicted, waiting)
      .when({ ...approve, reviewer: { member: 'ada', isTrainer: true } })
      .thenRecords(approved);
  });

  it.each([
    { what: 'that counts', says: 'already counts', events: [corrected(id(3))] },
    { what: 'that was approved', says: 'already counts', events: [waiting, approved] },
    { what: 'that was rejected', says: 'has already been rejected', events: [waiting, rejected] },
    { what: 'that was withdrawn', says: 'has been taken back', events: [waiting, withdrawn(id(3))] },
  ])('$what is not decided on again', ({ says, events }) => {
    for (const command of [approve, reject])
      given(answerDecider, predicted, ...events)
        .when(command)
        .thenRefuses(new RegExp(`^Correction 00000003 ${says}.*, so there is nothing left to decide\\.$`));
  });

  it('that is not one of this answer cannot be reviewed', () => {
    given(answerDecider, predicted, corrected(id(2)))
      .when(approve)
      .thenRefuses(/^There is no correction 00000003 of this answer; !review /);
  });

  it('is withdrawn by whoever gave it, the latest one first', () => {
    given(answerDecider, predicted, corrected(id(2)), corrected(id(3)), corrected(id(4), { member: 'bob' }))
      .when(withdraw)
      .thenRecords(withdrawn(id(3)));
    given(answerDecider, predicted, corrected(id(2)), corrected(id(3)), withdrawn(id(3)))
      .when(withdraw)
      .thenRecords(withdrawn(id(2)));
  });

  it('can be withdrawn while it waits for review', () => {
    given(answerDecider, predicted, waiting)
      .when(withdraw)
      .thenRecords(withdrawn(id(3)));
  });

  it.each([
    { why: 'of another', events: [corrected(id(2), { member: 'bob' })] },
    { why: 'already withdrawn', events: [corrected(id(2)), withdrawn(id(2))] },
    { why: 'rejected', events: [waiting, rejected] },
  ])('cannot be withdrawn where it is $why', ({ events }) => {
    given(answerDecider, predicted, ...events)
      .when(withdraw)
      .thenRefuses(/^There is no correction of yours to withdraw from the answer 00000001; /);
  });
});

describe('feedback on an answer', () => {
  const give = (event: ReturnType<typeof feedback>) =>
    ({ kind: 'give feedback', answer, feedback: event.data }) as const;

  it.each([
    { what: 'a first rating', before: [], now: feedback('up') },
    { what: 'a changed rating', before: [feedback('up')], now: feedback('down') },
    { what: 'the same rating of another', before: [feedback('up', null, 'bob')], now: feedback('up') },
    { what: 'a remark', before: [feedback('up')], now: feedback(null, 'thanks') },
    { what: 'a remark again', before: [feedback(null, 'thanks')], now: feedback(null, 'thanks') },
    { what: 'a remark with the same rating', before: [feedback('up')], now: feedback('up', 'thanks') },
  ])('is recorded: $what', ({ before, now }) => {
    given(answerDecider, predicted, ...before)
      .when(give(now))
      .thenRecords(now);
  });

  it.each([
    { what: 'the same rating', before: [feedback('up'), feedback(null, 'thanks')], now: feedback('up') },
    { what: 'nothing said', before: [], now: feedback(null) },
    { what: 'nothing said after a rating', before: [feedback('up')], now: feedback(null) },
  ])('is no news: $what', ({ before, now }) => {
    given(answerDecider, predicted, ...before)
      .when(give(now))
      .thenRecords();
  });
});
