import type { Unwritten } from '../../domain/languages/english/workspace.ts';
import { Refusal } from '../../domain/refusal.ts';

/** The code of a failed system call, such as `ENOENT`; nothing where the error is another one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS']);

/** What a failed write is to the person who asked for it: a Refusal where the disk is the reason. */
export function writeFailure(error: unknown, what: Unwritten): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  if (FULL.has(code)) {
    return new Refusal(({ workspace }) => workspace.unwritten.full(what));
  }
  if (FORBIDDEN.has(code)) {
    return new Refusal(({ workspace }) => workspace.unwritten.forbidden({ what, code }));
  }
  return code === 'ENAMETOOLONG'
    ? new Refusal(({ workspace }) => workspace.unwritten.nameTooLong(what))
    : error;
}
