import type { StoredEvent } from '../../../domain/events.ts';
import type { Page } from '../read-ahead.ts';
import type { EventRow } from './event-row.ts';

const UUID_LENGTH = 36;

/**
 * Events that follow one another, on their way to another thread. A column is one text, which is copied there and
 * taken apart in less time than the events one by one.
 */
export interface PageColumns {
  /** Of the last event; the positions before have no gaps. */
  readonly end: number;
  /** One after the other. */
  readonly ids: string;
  /** One a line: neither a stream's name nor a type holds a line feed. */
  readonly streams: string;
  readonly types: string;
  readonly revisions: readonly number[];
  /** JSON arrays. */
  readonly data: string;
  readonly metadata: string;
}

type PageRow = Omit<EventRow, 'checksum'>;

export function pageColumns(rows: readonly PageRow[], end: number): PageColumns {
  return {
    end,
    ids: rows.map(({ id }) => id).join(''),
    streams: rows.map(({ stream }) => stream).join('\n'),
    types: rows.map(({ type }) => type).join('\n'),
    revisions: rows.map(({ revision }) => revision),
    data: `[${rows.map(({ data }) => data).join()}]`,
    metadata: `[${rows.map(({ metadata }) => metadata).join()}]`,
  };
}

/** @returns null where the columns do not go together @throws SyntaxError where something in them is not JSON */
export function parseColumns({ end, revisions, ...columns }: PageColumns): Page<number> | null {
  const { ids } = columns;
  const streams = columns.streams.split('\n');
  const types = columns.types.split('\n');
  const data: readonly unknown[] = JSON.parse(columns.data);
  const metadata: readonly unknown[] = JSON.parse(columns.metadata);
  const first = end - revisions.length + 1;
  const events: StoredEvent[] = [];
  for (const [index, revision] of revisions.entries()) {
    const stream = streams[index];
    const type = types[index];
    if (stream === undefined || type === undefined) return null;
    events.push({
      id: ids.slice(index * UUID_LENGTH, (index + 1) * UUID_LENGTH),
      stream,
      revision,
      position: String(first + index),
      type,
      data: data[index],
      metadata: metadata[index],
    });
  }
  const goTogether = data.length === events.length && metadata.length === events.length;
  return goTogether ? { events, end } : null;
}
