/** How one start of the trainer ended. */
export type AttemptEnd =
  | { readonly kind: 'not started'; readonly program: string; readonly code: string }
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'out of time'; readonly hours: number }
  /** The supervisor was told to end it. */
  | { readonly kind: 'stopped' };

/** The exit code of a failure that may pass. */
export const WORTH_RETRYING = 5;

/** What programs say of themselves that know nothing of our exit codes. */
const NO_MEMORY = /out of memory|OutOfMemoryError|MemoryError|CUDNN_STATUS_ALLOC_FAILED/i;
const NO_ROOM = /no space left on device|ENOSPC|disk quota exceeded/i;

/**
 * Why an attempt did not succeed, and what to do; nothing where it ended well.
 * @param attempts so far
 * @param said what the trainer printed last
 */
export function describeFailure(end: AttemptEnd, attempts: number, said: string): string | undefined {
  switch (end.kind) {
    case 'not started':
      return describeNotStarted(end);
    case 'exited':
      return end.code === 0 ? undefined : describeExit(end.code, attempts, said);
    case 'killed':
      return end.signal === 'SIGKILL'
        ? 'The trainer was killed (SIGKILL), as a system does that is short of memory; give it more memory, or train a smaller model.'
        : `The trainer was ended by ${end.signal}; mend what its last words say and train again.`;
    case 'out of time':
      return `The trainer was ended because it had not finished after ${figure(end.hours)}; raise TRAINER_TIME_LIMIT_HOURS or give it less to do.`;
    case 'stopped':
      return 'The trainer was told to end from outside, as when the machine is shut down; train again.';
  }
}

function describeExit(code: number, attempts: number, said: string): string {
  switch (code) {
    case 2:
      return 'The trainer refused its configuration (exit code 2); check TRAINER_COMMAND and the hyperparameters.';
    case 3:
      return 'The trainer refused the dataset (exit code 3); train on another one, or in another format.';
    case 4:
      return 'The trainer ran out of memory (exit code 4); train a smaller model, or with a smaller batch.';
    case WORTH_RETRYING:
      return `The trainer failed ${attempts} ${attempts === 1 ? 'time' : 'times'} with what may pass (exit code 5); train again later.`;
    default:
      if (NO_ROOM.test(said))
        return `The trainer found no room left on the disk (exit code ${code}); make room and train again.`;
      if (NO_MEMORY.test(said))
        return `The trainer ran out of memory (exit code ${code}); train a smaller model, or with a smaller batch.`;
      return `The trainer failed (exit code ${code}); mend what its last words say and train again.`;
  }
}

function describeNotStarted({ program, code }: { readonly program: string; readonly code: string }): string {
  switch (code) {
    case 'ENOENT':
      return `The trainer program ${program}, or what its first line says runs it, was not found; check TRAINER_COMMAND.`;
    case 'EACCES':
      return `The trainer program ${program} may not be executed; make it executable, or check TRAINER_COMMAND.`;
    default:
      return `The trainer program ${program} cannot be executed (${code}); check TRAINER_COMMAND.`;
  }
}

function figure(hours: number): string {
  return hours >= 1 ? `${Math.round(hours)} h` : `${Math.round(hours * 3_600)} s`;
}
