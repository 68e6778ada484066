import { shorten } from '../domain/identifiers.ts';
import type { JobNews } from '../domain/job.ts';
import type { Words } from '../domain/languages/languages.ts';
import type { JobNotice, JobState } from '../domain/surface.ts';

/** What people are told of an event of a job. @param before the progress so far, from 0 to 1 */
export function noticeOf(event: JobNews, before: number, { jobs: { notices } }: Words): JobNotice {
  const { job: id } = event.data;
  const job = shorten(id);
  switch (event.type) {
    case 'TrainingRequested':
      return notice(id, 'requested', 0, notices.requested(job));
    case 'TrainingFileUploaded':
      return notice(id, 'requested', before, notices.uploaded(job));
    case 'TrainingStarted':
      return notice(id, 'running', before, notices.running(job));
    case 'TrainingProgressed': {
      const { step, total } = event.data;
      const progress = total === 0 ? 0 : Math.min(1, step / total);
      return notice(id, 'running', progress, notices.progressed({ ...event.data, job }));
    }
    case 'TrainingSucceeded': {
      const { model } = event.data;
      const text = notices.succeeded({ job, model: shorten(model) });
      return { notice: 'job', text, data: { job: id, state: 'succeeded', progress: 1, model } };
    }
    case 'TrainingFailed':
      return notice(id, 'failed', before, notices.failed({ job, reason: event.data.reason }));
    case 'TrainingCancelled':
      return notice(id, 'cancelled', before, notices.cancelled(job));
  }
}

function notice(job: string, state: JobState, progress: number, text: string): JobNotice {
  return { notice: 'job', text, data: { job, state, progress, model: null } };
}
