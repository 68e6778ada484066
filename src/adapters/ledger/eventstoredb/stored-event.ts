import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { type StoredEvent, UnreadableEvent } from '../../../domain/events.ts';
import { utf8Text } from '../utf8-text.ts';
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
  const envelope = envelopeOf(recorded);
  if (isOfServer(envelope)) return { ...envelope, data: null, metadata: null };
  const { data, metadata } = contentOf(recorded);
  try {
    return { ...envelope, data: JSON.parse(utf8Text(data)), metadata: JSON.parse(utf8Text(metadata)) };
  } catch (error) {
    throw new UnreadableEvent(envelope, 'is not JSON', 'other', { cause: error });
  }
}

/** All but the content. */
export function envelopeOf(recorded: RecordedEvent): Omit<StoredEvent, 'data' | 'metadata'> {
  return {
    id: recorded.getId()?.getString() ?? '',
    stream: utf8Text(recorded.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array()),
    revision: Number(recorded.getStreamRevision()),
    position: formatPosition(positionOf(recorded)),
    type: recorded.getMetadataMap().get('type') ?? '',
  };
}

/** As it was written. */
export function contentOf(recorded: RecordedEvent): {
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
} {
  return { data: recorded.getData_asU8(), metadata: recorded.getCustomMetadata_asU8() };
}
