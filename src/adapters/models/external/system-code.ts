/** The code of a failed system call, such as `ENOENT`; nothing where the error is another one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
