import shared from '@eventstore/db-client/generated/shared_pb.js';

/** A stream's name as the server takes it. */
export function streamIdentifier(stream: string): shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(Uint8Array.from(Buffer.from(stream)));
}
