import type { JobNotice, JobState, Reply } from '../../domain/surface.ts';

/** What is written for a program or a person to read: each with its line feed, empty where nothing is. */
export interface OutputForm {
  reply(reply: Reply): string;
  notice(notice: JobNotice): string;
}

/** Text without colour: each reply, and one line when a job has ended. */
export const plainForm: OutputForm = {
  reply: ({ text }) => `${text}\n`,
  notice: ({ text, data }) => (hasEnded(data.state) ? `${text}\n` : ''),
};

/** One JSON object a line. The keys and their order are an interface that other programs rely on. */
export const jsonForm: OutputForm = {
  reply: ({ command, ok, text, data, files }) =>
    `${JSON.stringify({
      command,
      ok,
      text,
      data,
      files: files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })),
    })}\n`,
  notice: ({ notice, data: { job, state, progress, model } }) =>
    `${JSON.stringify({ notice, data: { job, state, progress, model } })}\n`,
};

export function hasEnded(state: JobState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}
