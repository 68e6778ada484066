import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { LoggedEvent, LogPosition, ProposedEvent } from './event-log.ts';
import type { ExpectedRevision } from './expected-revision.ts';

const TICKS_PER_MS = 10_000n;
const TICKS_OF_1970 = 0n;

/** Encoded once, as every reader gets the same bytes. */
const encoded = new WeakMap<LoggedEvent, Buffer>();

export function eventMessage(event: LoggedEvent): Buffer {
  const known = encoded.get(event);
  if (known !== undefined) return known;
  const message = Buffer.from(readResponse(event).serializeBinary());
  encoded.set(event, message);
  return message;
}

function readResponse(event: LoggedEvent): streams.ReadResp {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(new shared.UUID().setString(event.id));
  recorded.setStreamIdentifier(streamIdentifier(event.stream));
  recorded.setStreamRevision(String(event.revision));
  recorded.setCommitPosition(String(event.commit));
  recorded.setPreparePosition(String(event.prepare));
  recorded.getMetadataMap().set('type', event.type);
  recorded.getMetadataMap().set('content-type', event.contentType);
  recorded.getMetadataMap().set('created', String(BigInt(event.created) * TICKS_PER_MS + TICKS_OF_1970));
  recorded.setCustomMetadata(event.metadata);
  recorded.setData(event.data);
  const readEvent = new streams.ReadResp.ReadEvent()
    .setEvent(recorded)
    .setCommitPosition(String(event.commit));
  return new streams.ReadResp().setEvent(readEvent);
}

export function confirmation(id: string): Buffer {
  const confirmed = new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id);
  return bytesOf(new streams.ReadResp().setConfirmation(confirmed));
}

export function caughtUp(): Buffer {
  return bytesOf(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));
}

export function fellBehind(): Buffer {
  return bytesOf(new streams.ReadResp().setFellBehind(new streams.ReadResp.FellBehind()));
}

/** @param position a bigint where it is more than any log can hold */
export function checkpoint({
  commit,
  prepare,
}: {
  commit: number | bigint;
  prepare: number | bigint;
}): Buffer {
  const reached = new streams.ReadResp.Checkpoint()
    .setCommitPosition(String(commit))
    .setPreparePosition(String(prepare));
  return bytesOf(new streams.ReadResp().setCheckpoint(reached));
}

export function streamNotFound(stream: string): Buffer {
  const missing = new streams.ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(stream));
  return bytesOf(new streams.ReadResp().setStreamNotFound(missing));
}

export function appended(revision: number, position: LogPosition | undefined): streams.AppendResp {
  const success = new streams.AppendResp.Success().setCurrentRevision(String(revision));
  if (position === undefined) success.setNoPosition(new shared.Empty());
  else {
    success.setPosition(
      new streams.AppendResp.Position()
        .setCommitPosition(String(position.commit))
        .setPreparePosition(String(position.prepare)),
    );
  }
  return new streams.AppendResp().setSuccess(success);
}

export function wrongExpectedVersion(
  expected: ExpectedRevision,
  current: number | 'no_stream',
): streams.AppendResp {
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (current === 'no_stream') wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(current));
  if (expected === 'any') wrong.setExpectedAny(new shared.Empty());
  else if (expected === 'no_stream') wrong.setExpectedNoStream(new shared.Empty());
  else if (expected === 'stream_exists') wrong.setExpectedStreamExists(new shared.Empty());
  else wrong.setExpectedRevision(String(expected));
  return new streams.AppendResp().setWrongExpectedVersion(wrong);
}

type ProposedMessage = streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage;

export function proposedEvent(message: ProposedMessage): ProposedEvent {
  return {
    id: message.getId()?.getString().toLowerCase() ?? '',
    type: message.getMetadataMap().get('type') ?? '',
    contentType: message.getMetadataMap().get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function streamNameOf(identifier: shared.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

export function streamIdentifier(name: string): shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(Uint8Array.from(Buffer.from(name)));
}

function bytesOf(message: streams.ReadResp): Buffer {
  return Buffer.from(message.serializeBinary());
}
