import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream, ServerReadableStream, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Cluster, Member } from './cluster.ts';
import { type RpcError, rpcErrors } from './errors.ts';
import type { EventLog, LoggedEvent, ProposedEvent } from './event-log.ts';
import { decideAppend, type ExpectedRevision, type RememberedEvents } from './expected-revision.ts';
import type { Method } from './faults.ts';
import { Failed, type Gate } from './gate.ts';
import { appended, proposedEvent, streamNameOf, wrongExpectedVersion } from './messages.ts';

export interface WriterOptions {
  readonly log: EventLog;
  readonly gate: Gate;
  readonly cluster: Cluster;
  readonly node: Member;
  /** Of the events of one append, in bytes. */
  readonly maxAppendSize: number;
  /** Whether an append that repeats another is answered without a position, as by older servers. */
  readonly repeatsWithoutPosition: boolean;
}

interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly ProposedEvent[];
}

type Outcome =
  | { readonly kind: 'appended'; readonly last: LoggedEvent; readonly isRepeated: boolean }
  | { readonly kind: 'wrong revision'; readonly current: number | 'no_stream' };

type WithMetadata = Pick<ServerUnaryCall<unknown, unknown>, 'metadata'>;

/** Appends, deletes and tombstones. It is made anew with its server, and then has forgotten what it remembered. */
export class WriterService {
  readonly #options: WriterOptions;
  readonly #remembered: RememberedEvents = new Map();

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  forget(): void {
    this.#remembered.clear();
  }

  append = (
    call: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
    answer: sendUnaryData<streams.AppendResp>,
  ): void => {
    let options: streams.AppendReq.Options | undefined;
    const events: ProposedEvent[] = [];
    call.on('data', (request: streams.AppendReq) => {
      options ??= request.getOptions();
      const message = request.getProposedMessage();
      if (message !== undefined) events.push(proposedEvent(message));
    });
    call.on('error', () => undefined);
    call.on('end', () => {
      // What a client breaks off has an end too, which shows a moment later; nothing of it is written.
      setImmediate(() => {
        if (!call.cancelled) this.#answer('append', call, answer, () => this.#appendOnce(options, events));
      });
    });
  };

  #appendOnce(
    options: streams.AppendReq.Options | undefined,
    events: readonly ProposedEvent[],
  ): streams.AppendResp {
    const stream = streamNameOf(options?.getStreamIdentifier());
    const expected = expectedRevision(options, options?.getRevision());
    const outcome = this.#write({ stream, expected, events });
    if (outcome.kind === 'wrong revision') return wrongExpectedVersion(expected, outcome.current);
    const { last, isRepeated } = outcome;
    const isBare = isRepeated && this.#options.repeatsWithoutPosition;
    return appended(last.revision, isBare ? undefined : last);
  }

  delete = (
    call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>,
    answer: sendUnaryData<streams.DeleteResp>,
  ): void => {
    this.#answer('delete', call, answer, () => {
      const options = call.request.getOptions();
      const name = streamNameOf(options?.getStreamIdentifier());
      this.#checkRevision(name, expectedRevision(options, options?.getRevision()));
      const { log } = this.#options;
      return new streams.DeleteResp().setPosition(
        written(new streams.DeleteResp.Position(), log.delete(name)),
      );
    });
  };

  tombstone = (
    call: ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>,
    answer: sendUnaryData<streams.TombstoneResp>,
  ): void => {
    this.#answer('tombstone', call, answer, () => {
      const options = call.request.getOptions();
      const name = streamNameOf(options?.getStreamIdentifier());
      this.#checkRevision(name, expectedRevision(options, options?.getRevision()));
      const position = written(new streams.TombstoneResp.Position(), this.#options.log.tombstone(name));
      return new streams.TombstoneResp().setPosition(position);
    });
  };

  batchAppend = (call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>): void => {
    const begun = new Map<string, { options: streams.BatchAppendReq.Options; events: ProposedEvent[] }>();
    call.on('error', () => undefined);
    call.on('end', () => call.end());
    call.on('data', (request: streams.BatchAppendReq) => {
      const correlation = request.getCorrelationId()?.getString() ?? '';
      const options = request.getOptions();
      if (options !== undefined) begun.set(correlation, { options, events: [] });
      const batch = begun.get(correlation);
      if (batch === undefined) return;
      batch.events.push(...request.getProposedMessagesList().map(proposedEvent));
      if (!request.getIsFinal()) return;
      begun.delete(correlation);
      void this.#answerBatch(call, correlation, batch);
    });
  };

  async #answerBatch(
    call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>,
    correlation: string,
    { options, events }: { options: streams.BatchAppendReq.Options; events: readonly ProposedEvent[] },
  ): Promise<void> {
    const stream = streamNameOf(options.getStreamIdentifier());
    const response = new streams.BatchAppendResp()
      .setCorrelationId(new shared.UUID().setString(correlation))
      .setStreamIdentifier(options.getStreamIdentifier());
    try {
      const outcome = await this.#carryOut('batchAppend', call, () =>
        this.#write({ stream, expected: expectedRevision(options, options.getStreamPosition()), events }),
      );
      if (outcome.kind === 'wrong revision') response.setError(batchConflict(outcome.current));
      else {
        const position = new shared.AllStreamPosition()
          .setCommitPosition(String(outcome.last.commit))
          .setPreparePosition(String(outcome.last.prepare));
        response.setSuccess(
          new streams.BatchAppendResp.Success()
            .setCurrentRevision(String(outcome.last.revision))
            .setPosition(position),
        );
      }
      call.write(response);
    } catch (error) {
      call.emit('error', Object.assign(new Error('the batch failed'), rpcErrorOf(error)));
    }
  }

  #answer<Response>(
    method: Method,
    call: WithMetadata,
    answer: sendUnaryData<Response>,
    work: () => Response,
  ): void {
    this.#carryOut(method, call, work).then(
      (response) => answer(null, response),
      (error) => answer(rpcErrorOf(error)),
    );
  }

  async #carryOut<Result>(method: Method, { metadata }: WithMetadata, work: () => Result): Promise<Result> {
    const { gate, cluster, node } = this.#options;
    gate.admit(metadata);
    await gate.pass(method, metadata, 'before');
    const refusal = cluster.refusalOf(node);
    // Who does not ask for the leader is passed on to it.
    if (refusal !== null && (cluster.leader === null || metadata.get('requires-leader')[0] === 'true')) {
      throw new Failed(refusal);
    }
    const result = work();
    await gate.pass(method, metadata, 'after');
    return result;
  }

  #write({ stream, expected, events }: Append): Outcome {
    const { log, maxAppendSize } = this.#options;
    const size = events.reduce((sum, event) => sum + sizeOf(event), 0);
    if (size > maxAppendSize) throw new Failed(rpcErrors.tooLarge(maxAppendSize));
    const ids = events.map(({ id }) => id);
    const decision = decideAppend(log, this.#remembered, stream, expected, ids);
    switch (decision.kind) {
      case 'tombstoned':
        throw new Failed(rpcErrors.streamDeleted(stream));
      case 'wrong revision':
        return decision;
      case 'repeated': {
        if (decision.last === undefined) throw new Error('what is repeated must be there');
        return { kind: 'appended', last: decision.last, isRepeated: true };
      }
      case 'write': {
        const last = log.append(stream, events).at(-1);
        if (last === undefined) throw new Error('an append must hold an event');
        for (const [index, id] of ids.entries()) {
          this.#remembered.set(id, { stream, revision: last.revision - ids.length + 1 + index });
        }
        return { kind: 'appended', last, isRepeated: false };
      }
    }
  }

  #checkRevision(name: string, expected: ExpectedRevision): void {
    const decision = decideAppend(this.#options.log, this.#remembered, name, expected, [crypto.randomUUID()]);
    if (decision.kind === 'tombstoned') throw new Failed(rpcErrors.streamDeleted(name));
    if (decision.kind === 'wrong revision') {
      throw new Failed(rpcErrors.wrongExpectedVersion(name, String(expected), decision.current));
    }
  }
}

/** As the server counts it. */
function sizeOf({ type, data, metadata }: ProposedEvent): number {
  return data.length + metadata.length + type.length * 2;
}

interface ExpectedOptions {
  hasAny(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

function expectedRevision(
  options: ExpectedOptions | undefined,
  revision: string | undefined,
): ExpectedRevision {
  if (options === undefined || options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : Number(revision);
}

function written<Message extends streams.DeleteResp.Position | streams.TombstoneResp.Position>(
  message: Message,
  event: LoggedEvent | undefined,
): Message {
  message.setCommitPosition(String(event?.commit ?? 0));
  message.setPreparePosition(String(event?.prepare ?? 0));
  return message;
}

function batchConflict(current: number | 'no_stream'): status.Status {
  const wrong = new shared.WrongExpectedVersion();
  if (current === 'no_stream') wrong.setCurrentNoStream(new empty.Empty());
  else wrong.setCurrentStreamRevision(String(current));
  const details = new any.Any();
  details.pack(wrong.serializeBinary(), 'event_store.client.WrongExpectedVersion');
  return new status.Status().setMessage('Wrong Expected Version').setDetails(details);
}

export function rpcErrorOf(error: unknown): RpcError {
  if (error instanceof Failed) return error.error;
  throw error;
}
