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

/** How a line begins in which a part of ffmpeg, or ffmpeg of the file, says something. */
const SAYS = /^(?:\[[^\]]+ @ 0x[\da-f]+\] |input: )/;
const DAMAGE = /moov atom not found|corrupt|partial file|File ended prematurely|Truncated/;

/** @param log without the tags of the file, in which anything may stand */
export function findingsIn(log: readonly string[]): FileFindings {
  const said = log.flatMap((line) => (SAYS.test(line) ? [line.replace(SAYS, '')] : []));
  return {
    isRecognised: log.some((line) => line.startsWith('Input #0, ')) || said.includes('moov atom not found'),
    hasNoSound: log.some((line) => /^Stream map '.*' matches no streams\.$/.test(line)),
    duration: isReliable(log, said) ? durationIn(log) : null,
    isDamaged: said.some((line) => DAMAGE.test(line)),
  };
}

/** With a video, it may be that of the video; and what was estimated from the size of the file says nothing. */
function isReliable(log: readonly string[], said: readonly string[]): boolean {
  const hasVideo = log.some(
    (line) => /^ +Stream #0:\d+.*: Video: /.test(line) && !line.includes('attached pic'),
  );
  return !hasVideo && !said.some((line) => line.startsWith('Estimating duration'));
}

function durationIn(log: readonly string[]): number | null {
  for (const line of log) {
    const [, hours, minutes, seconds] = /^ {2}Duration: (\d+):(\d+):(\d+\.\d+), /.exec(line) ?? [];
    if (hours !== undefined) return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  }
  return null;
}
