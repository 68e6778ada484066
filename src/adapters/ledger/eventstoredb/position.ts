/** Where an event or a checkpoint stands in the server's log: both numbers, as only both together are exact. */
export interface LogPosition {
  /** Decimal, as are the server's 64 bits. */
  readonly commit: string;
  readonly prepare: string;
}

const POSITION = /^(0|[1-9]\d{0,18})\/(0|[1-9]\d{0,18})$/;
/** No log reaches further. What a server reports beyond, such as 2^64-1, is no position at all. */
const LARGEST = '9223372036854775807';

export function formatPosition({ commit, prepare }: LogPosition): string {
  return `${commit}/${prepare}`;
}

/** @throws TypeError for what is no position of this kind of ledger */
export function parsePosition(position: string): LogPosition {
  const [, commit, prepare] = POSITION.exec(position) ?? [];
  if (commit === undefined || prepare === undefined) {
    throw new TypeError(`${JSON.stringify(position)} is not a position of this ledger`);
  }
  return { commit, prepare };
}

export function isInLog({ commit, prepare }: LogPosition): boolean {
  return compareNumbers(commit, LARGEST) <= 0 && compareNumbers(prepare, LARGEST) <= 0;
}

export function comparePositions(a: LogPosition, b: LogPosition): number {
  return compareNumbers(a.commit, b.commit) || compareNumbers(a.prepare, b.prepare);
}

/** Decimal numbers without leading zeros. */
function compareNumbers(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
