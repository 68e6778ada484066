import type { StoredEvent } from '../../../domain/events.ts';
import { checksumOf, eventText } from './chain.ts';

/** An event as it stands in the file, its stream's name looked up and its id in hex. */
export interface EventRow {
  readonly position: number;
  /** 32 digits. */
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly checksum: number;
}

/** The columns of an EventRow. Hex costs less than half of what a Buffer for each value would. */
export const EVENT_COLUMNS = `events.position, lower(hex(events.id)) AS id, streams.name AS stream,
  events.revision, events.type, events.data, events.metadata, events.checksum`;

/** What was written is no longer there, or no longer what it was. */
export class DamagedLedger extends Error {
  override readonly name = 'DamagedLedger';
  /** Of the first event that is not as it was written; null where it is not about one. */
  readonly position: number | null;
  readonly stream: string | null;

  constructor(problem: string, at: { readonly position?: number; readonly stream?: string } = {}) {
    super(problem);
    this.position = at.position ?? null;
    this.stream = at.stream ?? null;
  }
}

export function missingEvent(position: number): DamagedLedger {
  return new DamagedLedger(`event ${position} is missing`, { position });
}

/**
 * The event of a row that is what was written.
 * @throws DamagedLedger where it is not
 */
export function authenticEvent(row: EventRow): StoredEvent {
  const { position, stream, revision, type, data, metadata } = row;
  const id = authenticId(row);
  try {
    return {
      id,
      stream,
      revision,
      position: String(position),
      type,
      data: JSON.parse(data),
      metadata: JSON.parse(metadata),
    };
  } catch {
    throw new DamagedLedger(`event ${position} is not valid JSON`, row);
  }
}

/** @returns the event's id, as a UUID @throws DamagedLedger where the row is not what was written */
export function authenticId(row: EventRow): string {
  const { position, stream, revision, type, data, metadata, checksum } = row;
  const id = toUuid(row.id);
  // Damage can turn a text into a BLOB of the same bytes.
  const isText = typeof stream === 'string' && typeof type === 'string';
  if (!isText || checksum !== checksumOf(eventText(position, stream, revision, id, type, data, metadata))) {
    throw new DamagedLedger(`event ${position} is not what was written`, row);
  }
  return id;
}

/** What goes into the chain for an event. */
export function textOf({ position, stream, revision, id, type, data, metadata }: EventRow): string {
  return eventText(position, stream, revision, toUuid(id), type, data, metadata);
}

/** From 32 hex digits. */
export function toUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
