import { Refusal } from '../../domain/refusal.ts';

/** The code of a failed system call, such as `ENOENT`; nothing where the error is another one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * What a failed write is to the person who asked for it: a Refusal where the disk is the reason.
 * @param what as the sentence begins, e.g. `The file exports/faq.jsonl`
 */
export function writeFailure(error: unknown, what: string): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  if (FULL.has(code)) {
    return new Refusal(`${what} was not written because the disk is full; free some space and try again.`);
  }
  if (FORBIDDEN.has(code)) {
    return new Refusal(
      `${what} was not written because the program may not write there (${code}); change the permissions of the data directory.`,
    );
  }
  return code === 'ENAMETOOLONG'
    ? new Refusal(`${what} was not written because its name is too long; choose a shorter one.`)
    : error;
}
