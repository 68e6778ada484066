import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { type StoredEvent, UnreadableEvent } from '../../../domain/events.ts';
import { formatPosition, type LogPosition } from './position.ts';

export type RecordedEvent = streams.ReadResp.ReadEvent.RecordedEvent;

/** The event that a message brings, if it brings one. */
export function recordedIn(message: streams.ReadResp): RecordedEvent | undefined {
  return message.getEvent()?.getEvent();
}

export function positionOf(recorded: {
  getCommitPosition(): string;
  getPreparePosition(): string;
}): LogPosition {
  return { commit: recorded.getCommitPosition(), prepare: recorded.getPreparePosition() };
}

/** What the server itself writes into a stream, such as that it was deleted for good: no event of anybody's. */
export function isOfServer({ type }: Pick<StoredEvent, 'type'>): boolean {
  return type.startsWith('$');
}

/** @throws UnreadableEvent where its content is not JSON, which nothing that we append is */
export function storedEvent(recorded: RecordedEvent): StoredEvent {
  const stream = textOf(recorded.getStreamIdentifier()?.getStreamName_asU8());
  const revision = Number(recorded.getStreamRevision());
  const id = recorded.getId()?.getString() ?? '';
  const type = recorded.getMetadataMap().get('type') ?? '';
  const position = formatPosition(positionOf(recorded));
  const known = { id, stream, revision, position, type };
  if (isOfServer(known)) return { ...known, data: null, metadata: null };
  try {
    return {
      ...known,
      data: JSON.parse(textOf(recorded.getData_asU8())),
      metadata: JSON.parse(textOf(recorded.getCustomMetadata_asU8())),
    };
  } catch (error) {
    throw new UnreadableEvent({ id, type, revision, stream }, 'is not JSON', 'other', { cause: error });
  }
}

/** Its bytes are part of larger ones, which a copy would double. */
function textOf(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return '';
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
