/** What ffmpeg's log tells of a file. */
export interface FileFindings {
  /** Whether it is of a kind that can hold sound at all. */
  readonly isRecognised: boolean;
  /** Whether something else than sound was found in it, and no sound. */
  readonly hasNoSound: boolean;
  /** In seconds, where it can be relied on for the sound. */
  readonly duration: number | null;
  /** Whether it was seen to break off. */
  readonly isDamaged: boolean;
}

const damages = ['moov atom not found', 'corrupt', 'partial file', 'File ended prematurely', 'Truncated'];

export function findingsIn(log: readonly string[]): FileFindings {
  const text = log.join('\n');
  return {
    isRecognised: text.includes('Input #0') || text.includes('moov atom not found'),
    hasNoSound: text.includes('matches no streams'),
    duration: isReliable(text) ? durationIn(text) : null,
    isDamaged: damages.some((damage) => text.includes(damage)),
  };
}

/** With a video, it may be that of the video; and what was estimated from the size of the file says nothing. */
function isReliable(text: string): boolean {
  const hasVideo = text
    .split('\n')
    .some((line) => /Stream #0:\d+.*: Video: /.test(line) && !line.includes('attached pic'));
  return !hasVideo && !text.includes('Estimating duration');
}

function durationIn(text: string): number | null {
  const [, hours, minutes, seconds] = /Duration: (\d+):(\d+):(\d+\.\d+)/.exec(text) ?? [];
  if (hours === undefined) return null;
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}
