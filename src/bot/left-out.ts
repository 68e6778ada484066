import type { LeftOutReason } from '../domain/events.ts';
import type { Words } from '../domain/languages/languages.ts';

/** A line for each reason, with what would change it; empty where nothing was left out. */
export function leftOutLines(
  leftOut: readonly { readonly reason: LeftOutReason; readonly count: number }[],
  { leftOut: { line, reasons, remedies } }: Words,
  prefix: string,
): string[] {
  const remedyOf: Partial<Record<LeftOutReason, (prefix: string) => string>> = remedies;
  return leftOut.map(({ reason, count }) =>
    line({ count, reason: reasons[reason], remedy: remedyOf[reason]?.(prefix) ?? null }),
  );
}
