import type { EventOf } from '../domain/events.ts';
import { shorten } from '../domain/identifiers.ts';
import type { JobEvent } from '../domain/job.ts';
import type { JobNotice, JobState } from '../domain/surface.ts';

/** What people are told of an event of a job. @param before the progress so far, from 0 to 1 */
export function noticeOf(event: JobEvent, before: number): JobNotice {
  const { job } = event.data;
  const name = `Job ${shorten(job)}`;
  switch (event.type) {
    case 'TrainingRequested':
      return notice(job, 'requested', 0, `${name} is waiting for the trainer.`);
    case 'TrainingFileUploaded':
      return notice(job, 'requested', before, `${name} has uploaded its training file.`);
    case 'TrainingStarted':
      return notice(job, 'running', before, `${name} is training.`);
    case 'TrainingProgressed':
      return progressNotice(event);
    case 'TrainingSucceeded': {
      const { model } = event.data;
      const text = `${name} succeeded and gave the model ${shorten(model)}; !promote lets it answer.`;
      return { notice: 'job', text, data: { job, state: 'succeeded', progress: 1, model } };
    }
    case 'TrainingFailed':
      return notice(job, 'failed', before, `${name} failed: ${event.data.reason}`);
    case 'TrainingCancelled':
      return notice(job, 'cancelled', before, `${name} was cancelled.`);
  }
}

function progressNotice({ data }: EventOf<'TrainingProgressed'>): JobNotice {
  const { job, step, total, loss } = data;
  const measured = loss === null ? '' : `, loss ${loss.toFixed(4)}`;
  const text = `Job ${shorten(job)} is at step ${step} of ${total}${measured}.`;
  return notice(job, 'running', total === 0 ? 0 : Math.min(1, step / total), text);
}

function notice(job: string, state: JobState, progress: number, text: string): JobNotice {
  return { notice: 'job', text, data: { job, state, progress, model: null } };
}
