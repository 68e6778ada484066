import { randomUUID } from 'node:crypto';
import { streamName } from '../src/domain/streams.ts';

/** How many append at once. */
export const CONCURRENT = 64;
/** An answer with its correction and ratings. */
export const EVENTS_PER_STREAM = 4;

/** Appends one event to a stream at exactly this revision. */
export type Append = (
  stream: string,
  expected: number | 'no_stream',
  event: AppendedEvent,
) => Promise<unknown>;
export type AppendedEvent = ReturnType<typeof makeEvent>;

/** What one appender does: one event after the other, to one stream after the other. */
export async function appendInTurn(append: Append, events: readonly AppendedEvent[]): Promise<void> {
  let stream = '';
  for (const [index, event] of events.entries()) {
    const revision = index % EVENTS_PER_STREAM;
    if (revision === 0) stream = streamName('local', 'answer', randomUUID());
    await append(stream, revision === 0 ? 'no_stream' : revision - 1, event);
  }
}

/** The same number for each of the appenders. */
export function makeEvents(appenders: number, each: number): readonly (readonly AppendedEvent[])[] {
  return Array.from({ length: appenders }, () => Array.from({ length: each }, makeEvent));
}

export function makeEvent() {
  const commandId = randomUUID();
  return {
    id: randomUUID(),
    type: 'CorrectionGiven',
    data: {
      answer: randomUUID(),
      correction: randomUUID(),
      member: 'anna',
      text: 'The harbour opens at seven in the morning, except on Sundays, when it stays closed until noon.',
      review: 'not_required',
    },
    metadata: {
      actor: 'anna',
      scope: 'local',
      channel: 'console',
      origin: 'console',
      commandId,
      causationId: commandId,
      correlationId: commandId,
      time: new Date().toISOString(),
      schemaVersion: 1,
    },
  };
}

export function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString('en')} events/s`;
}
