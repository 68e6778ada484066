import { describe, it } from 'vitest';
import { type JobCommand, type JobEvent, jobDecider } from '../../src/domain/job.ts';
import { given } from './given.ts';
import { id, samples } from './samples.ts';

const job = id(4);
const requested: JobEvent = { type: 'TrainingRequested', data: samples.TrainingRequested };
const uploaded = { type: 'TrainingFileUploaded', data: { job, file: 'file-1' } } as const;
const taken = (process: string, from: string | null) =>
  ({ type: 'TrainingTaken', data: { job, process, from } }) as const;
const ours = taken('ours', null);
const started = { type: 'TrainingStarted', data: { job, reference: 'run-1' } } as const;
const progressed = (step: number) =>
  ({
    type: 'TrainingProgressed',
    data: { job, step, total: 4, loss: null, evaluationLoss: null, learningRate: null },
  }) as const;
const succeeded = { type: 'TrainingSucceeded', data: samples.TrainingSucceeded } as const;
const failed = { type: 'TrainingFailed', data: { job, reason: 'the disk is full' } } as const;
const cancelled: JobEvent = { type: 'TrainingCancelled', data: { job } };

const request: JobCommand = { kind: 'request training', request: samples.TrainingRequested };
const cancel: JobCommand = { kind: 'cancel training', job };
type News = Extract<JobCommand, { kind: 'record' }>['event'];
const record = (event: News, process = 'ours'): JobCommand => ({ kind: 'record', process, event });
const take = (process: string, from: string | null): JobCommand => ({ kind: 'take', job, process, from });

const ends = [
  { end: succeeded, words: 'succeeded' },
  { end: failed, words: 'failed' },
  { end: cancelled, words: 'been cancelled' },
];

describe('a training job', () => {
  it('is requested once', () => {
    given(jobDecider).when(request).thenRecords(requested);
    given(jobDecider, requested, started).when(request).thenRecords();
    given(jobDecider, requested, failed).when(request).thenRecords();
  });

  it('must have been requested', () => {
    for (const command of [cancel, record(started), take('ours', null)])
      given(jobDecider)
        .when(command)
        .thenRefuses(/^There is no such job; !jobs lists them\.$/);
  });

  it.each([
    { event: uploaded },
    { event: started },
    { event: { type: 'TrainingStarted', data: { job, reference: null } } as const },
    { event: progressed(1) },
    { event: succeeded },
    { event: failed },
  ])('takes what the trainer reports: $event.type', ({ event }) => {
    given(jobDecider, requested, ours).when(record(event)).thenRecords(event);
  });

  it.each([
    { before: [uploaded], again: uploaded },
    { before: [started], again: started },
    { before: [started, progressed(2)], again: progressed(2) },
    { before: [started, progressed(2)], again: progressed(1) },
  ])('hears no news in what the trainer reports again: $again.type', ({ before, again }) => {
    given(jobDecider, requested, ours, ...before)
      .when(record(again))
      .thenRecords();
  });

  it.each([
    { before: uploaded, now: { type: 'TrainingFileUploaded', data: { job, file: 'file-2' } } as const },
    { before: started, now: { type: 'TrainingStarted', data: { job, reference: 'run-2' } } as const },
    { before: progressed(1), now: progressed(2) },
  ])('hears of what changed: $now.type', ({ before, now }) => {
    given(jobDecider, requested, ours, before).when(record(now)).thenRecords(now);
  });

  it('hears of an evaluation of the step that it is at, once', () => {
    const evaluated = (step: number, evaluationLoss: number) =>
      ({ ...progressed(step), data: { ...progressed(step).data, evaluationLoss } }) as const;
    const before = [requested, ours, started, progressed(2)];
    given(jobDecider, ...before)
      .when(record(evaluated(2, 0.5)))
      .thenRecords(evaluated(2, 0.5));
    for (const again of [evaluated(2, 0.5), evaluated(1, 0.5), progressed(2)])
      given(jobDecider, ...before, evaluated(2, 0.5))
        .when(record(again))
        .thenRecords();
    given(jobDecider, ...before, evaluated(2, 0.5))
      .when(record(evaluated(3, 0.4)))
      .thenRecords(evaluated(3, 0.4));
  });

  it('begins with the first step where it is begun anew', () => {
    const anew = { type: 'TrainingStarted', data: { job, reference: 'run-2' } } as const;
    given(jobDecider, requested, ours, started, progressed(3), anew)
      .when(record(progressed(1)))
      .thenRecords(progressed(1));
  });

  it.each(ends)('ends once: after $end.type nothing is recorded any more', ({ end }) => {
    for (const event of [uploaded, started, progressed(4), succeeded, failed])
      given(jobDecider, requested, ours, end).when(record(event)).thenRecords();
  });

  it('is taken by one process, and by another one only from that one', () => {
    given(jobDecider, requested).when(take('ours', null)).thenRecords(ours);
    given(jobDecider, requested, ours).when(take('theirs', null)).thenRecords();
    given(jobDecider, requested, ours).when(take('theirs', 'ours')).thenRecords(taken('theirs', 'ours'));
    given(jobDecider, requested, ours, taken('theirs', 'ours')).when(take('ours', null)).thenRecords();
    given(jobDecider, requested, ours).when(take('ours', 'ours')).thenRecords();
    given(jobDecider, requested, ours, failed).when(take('theirs', 'ours')).thenRecords();
  });

  it('hears no news from a process that does not drive it, or no longer', () => {
    given(jobDecider, requested).when(record(succeeded)).thenRecords();
    given(jobDecider, requested, ours).when(record(succeeded, 'theirs')).thenRecords();
    given(jobDecider, requested, ours, taken('theirs', 'ours')).when(record(succeeded)).thenRecords();
  });

  it('can be cancelled until it has ended', () => {
    given(jobDecider, requested).when(cancel).thenRecords(cancelled);
    given(jobDecider, requested, uploaded, started, progressed(3)).when(cancel).thenRecords(cancelled);
  });

  it.each(ends)('cannot be cancelled once it has $words', ({ end, words }) => {
    given(jobDecider, requested, end)
      .when(cancel)
      .thenRefuses(new RegExp(`^The job 00000004 has already ${words}\\.$`));
  });
});
