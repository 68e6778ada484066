import type { LeftOutReason } from '../domain/events.ts';
import type { Words } from '../domain/languages/languages.ts';

/** A line for each reason; empty where nothing was left out. */
export function leftOutLines(
  leftOut: readonly { readonly reason: LeftOutReason; readonly count: number }[],
  { leftOut: { line, reasons } }: Words,
): string[] {
  return leftOut.map(({ reason, count }) => line({ count, reason: reasons[reason] }));
}
