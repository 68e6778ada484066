import { deriveId } from '../../../src/domain/identifiers.ts';
import type { ExpectedRevision, NewEvent } from '../../../src/domain/ledger.ts';
import { streamName } from '../../../src/domain/streams.ts';

export const APPENDERS = 8;
const TURNS_PER_STREAM = 5;

/** What an appender of one life of the process appends: known beforehand, so that it can be looked for. */
export function nthAppend(
  life: number,
  appender: number,
  turn: number,
): { readonly stream: string; readonly expected: ExpectedRevision; readonly events: readonly NewEvent[] } {
  const first = turn - (turn % TURNS_PER_STREAM);
  const stream = streamName('local', 'answer', deriveId('crash', life, appender, first));
  let before = 0;
  for (let earlier = first; earlier < turn; earlier++) before += eventsOf(earlier);
  const events = Array.from({ length: eventsOf(turn) }, (_, index) => ({
    id: deriveId('crash', life, appender, turn, index),
    type: 'CorrectionGiven',
    data: { text: `${life} ${appender} ${turn} ${index} `.repeat(1 + ((turn * 13) % 60)) },
    metadata: { actor: 'anna' },
  }));
  return { stream, expected: before === 0 ? 'no_stream' : before - 1, events };
}

function eventsOf(turn: number): number {
  return 1 + (turn % 3);
}
