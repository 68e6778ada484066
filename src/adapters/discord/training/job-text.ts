import { shorten } from '../../../domain/identifiers.ts';
import type { TimeLeft } from '../../../domain/languages/english/discord.ts';
import { languages, languageTags, type Words } from '../../../domain/languages/languages.ts';
import type { JobStatus } from '../../../domain/surface.ts';
import { MAX_CONTENT, splitText } from '../rendering/split-text.ts';

const CELLS = 20;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export function hasEnded({ state }: Pick<JobStatus, 'state'>): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

/** A job in one message. @param leftMs until its end; null where that is not known */
export function jobText(status: JobStatus, leftMs: number | null, words: Words): string {
  const { training } = words.discord;
  const lines = [
    training.head(shorten(status.job), training.states[status.state]),
    `\`${bar(status.progress)}\` ${Math.floor(status.progress * 100)} %`,
    hasEnded(status) ? status.text : details(status, leftMs, training),
  ];
  const [text = ''] = splitText(lines.filter((line) => line !== '').join('\n'), MAX_CONTENT);
  return text;
}

/** Whether a message of ours can be the one of this job, in whatever language it was written. */
export function isTextOfJob(text: string, job: string): boolean {
  const heads = languageTags.map((tag) => languages[tag].discord.training.head(shorten(job), ''));
  return heads.some((head) => text.startsWith(head));
}

function bar(progress: number): string {
  const filled = Math.floor(progress * CELLS);
  return '█'.repeat(filled) + '░'.repeat(CELLS - filled);
}

function details(
  { step, total, losses }: JobStatus,
  leftMs: number | null,
  training: Words['discord']['training'],
): string {
  const loss = losses.at(-1)?.loss;
  const parts = [
    ...(total > 0 ? [training.step(step, total)] : []),
    ...(loss === undefined ? [] : [training.loss(loss.toFixed(4))]),
    ...(leftMs === null ? [] : [training.left(timeLeft(leftMs))]),
  ];
  return parts.join(' · ');
}

/** Not more exact than it can be. */
function timeLeft(ms: number): TimeLeft {
  if (ms < MINUTE_MS) return { count: Math.max(5, Math.ceil(ms / 5_000) * 5), unit: 'seconds' };
  if (ms < 1.5 * HOUR_MS) return { count: Math.round(ms / MINUTE_MS), unit: 'minutes' };
  return { count: Math.round(ms / HOUR_MS), unit: 'hours' };
}
