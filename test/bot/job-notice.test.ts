import { describe, expect, it } from 'vitest';
import { noticeOf } from '../../src/bot/job-notice.ts';
import type { JobNews } from '../../src/domain/job.ts';
import { languages } from '../../src/domain/languages/languages.ts';
import { id, samples, sha } from '../domain/samples.ts';

const job = id(4);
const progressed = (step: number, total: number, loss: number | null = null): JobNews => ({
  type: 'TrainingProgressed',
  data: { job, step, total, loss, evaluationLoss: null, learningRate: null },
});

describe('people are told of a job', () => {
  it.each<[JobNews, string, number, string]>([
    [
      { type: 'TrainingRequested', data: samples.TrainingRequested },
      'requested',
      0,
      'is waiting for the trainer.',
    ],
    [
      { type: 'TrainingFileUploaded', data: { job, file: 'f' } },
      'requested',
      0.5,
      'has uploaded its training file.',
    ],
    [{ type: 'TrainingStarted', data: { job, reference: null } }, 'running', 0.5, 'is training.'],
    [progressed(3, 4), 'running', 0.75, 'is at step 3 of 4.'],
    [progressed(4, 4, 0.123456), 'running', 1, 'is at step 4 of 4, loss 0.1235.'],
    [progressed(0, 0), 'running', 0, 'is at step 0 of 0.'],
    [progressed(5, 4), 'running', 1, 'is at step 5 of 4.'],
    [
      { type: 'TrainingFailed', data: { job, reason: 'the disk is full' } },
      'failed',
      0.5,
      'failed: the disk is full',
    ],
    [{ type: 'TrainingCancelled', data: { job } }, 'cancelled', 0.5, 'was cancelled.'],
  ])('after $type', (event, state, progress, words) => {
    expect(noticeOf(event, 0.5, languages.en)).toEqual({
      notice: 'job',
      text: `Job 00000004 ${words}`,
      data: { job, state, progress, model: null },
    });
  });

  it('and of the model that it gave', () => {
    const model = `embedded-${sha(5)}`;
    const event: JobNews = { type: 'TrainingSucceeded', data: { ...samples.TrainingSucceeded, model } };
    expect(noticeOf(event, 0.5, languages.en)).toEqual({
      notice: 'job',
      text: 'Job 00000004 succeeded and gave the model embedded-00000005; !promote lets it answer.',
      data: { job, state: 'succeeded', progress: 1, model },
    });
  });
});
