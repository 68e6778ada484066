import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { STREAM_PREFIX } from '../../../domain/streams.ts';
import type { LogPosition } from './position.ts';
import { streamIdentifier } from './stream-identifier.ts';

const { Options } = streams.ReadReq;
const { FORWARDS, BACKWARDS } = Options.ReadDirection;

/** So many events of the log the server looks at in one turn where few of them are ours. */
const SEARCH_WINDOW = 512;
/** After so many turns it says how far it has come. */
const TURNS_PER_CHECKPOINT = 4;
const WITHOUT_END = String(Number.MAX_SAFE_INTEGER);

/** A stream's events from a revision on (inclusive). */
export function streamFrom(stream: string, revision: number, count: number): streams.ReadReq {
  const from = new Options.StreamOptions()
    .setStreamIdentifier(streamIdentifier(stream))
    .setRevision(String(revision));
  return requestOf(
    newOptions()
      .setStream(from)
      .setReadDirection(FORWARDS)
      .setCount(Number.isFinite(count) ? String(count) : WITHOUT_END)
      .setNoFilter(new shared.Empty()),
  );
}

/** A stream's newest event. */
export function endOfStream(stream: string): streams.ReadReq {
  const from = new Options.StreamOptions()
    .setStreamIdentifier(streamIdentifier(stream))
    .setEnd(new shared.Empty());
  return requestOf(
    newOptions().setStream(from).setReadDirection(BACKWARDS).setCount('1').setNoFilter(new shared.Empty()),
  );
}

/** Ours from a position on; one that stands there is included. */
export function ourEventsFrom(position: LogPosition | null, count: number | null = null): streams.ReadReq {
  return requestOf(
    newOptions()
      .setAll(startingAt(position))
      .setReadDirection(FORWARDS)
      .setCount(count === null ? WITHOUT_END : String(count))
      .setFilter(ourStreams()),
  );
}

/** The newest event of ours. */
export function ourNewestEvent(): streams.ReadReq {
  const fromTheEnd = new Options.AllOptions().setEnd(new shared.Empty());
  return requestOf(
    newOptions().setAll(fromTheEnd).setReadDirection(BACKWARDS).setCount('1').setFilter(ourStreams()),
  );
}

/** Ours after a position; one that stands there is left out. */
export function ourEventsAfter(position: LogPosition | null): streams.ReadReq {
  return requestOf(
    newOptions()
      .setAll(startingAt(position))
      .setSubscription(new Options.SubscriptionOptions())
      .setFilter(ourStreams()),
  );
}

function startingAt(position: LogPosition | null): streams.ReadReq.Options.AllOptions {
  if (position === null) return new Options.AllOptions().setStart(new shared.Empty());
  return new Options.AllOptions().setPosition(
    new Options.Position().setCommitPosition(position.commit).setPreparePosition(position.prepare),
  );
}

function ourStreams(): streams.ReadReq.Options.FilterOptions {
  const names = new Options.FilterOptions.Expression().setPrefixList([STREAM_PREFIX]);
  return new Options.FilterOptions()
    .setStreamIdentifier(names)
    .setMax(SEARCH_WINDOW)
    .setCheckpointintervalmultiplier(TURNS_PER_CHECKPOINT);
}

function newOptions(): streams.ReadReq.Options {
  return new Options().setUuidOption(new Options.UUIDOption().setString(new shared.Empty()));
}

function requestOf(options: streams.ReadReq.Options): streams.ReadReq {
  return new streams.ReadReq().setOptions(options);
}
