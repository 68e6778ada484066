import { EventStoreDBClient, UnavailableError } from '@eventstore/db-client';
import { ServerFeaturesClient } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { SerialisedEvent } from '../../../domain/event-content.ts';
import { IncomingMessages } from './incoming-messages.ts';
import { formatPosition } from './position.ts';
import type { ServerAddress } from './server-address.ts';
import { StoreError, silentServer, troubleOf } from './store-trouble.ts';
import { streamIdentifier } from './stream-identifier.ts';

/** Null where the server does not say where: it does not always, for an append that it has taken before. */
export interface Written {
  readonly revision: number;
  readonly position: string | null;
}

type Client = InstanceType<typeof StreamsClient>;

/** More than the call's own deadline, for what the client does before there is a call. */
const GRACE_MS = 250;

/**
 * The calls that we make, over the client's connections: it finds the leader and follows it. The client's own calls
 * would do less: its readAll takes no filter, its subscriptions report a checkpoint before the events that stand
 * before it, its reads have no deadline, its metadata cannot be null, and without credentials its appends share one
 * map in the whole process.
 */
export class ServerConnection extends EventStoreDBClient {
  readonly #open = new Set<IncomingMessages>();
  #client: Client | null = null;

  constructor(address: ServerAddress) {
    const { endpoints, isDiscovered, connection, tls, certificates, credentials } = address;
    const [first] = endpoints;
    if (first === undefined) throw new TypeError('a server must have an endpoint');
    const channel = { insecure: !tls, ...certificates };
    const rest = [channel, credentials ?? undefined] as const;
    const settings = definedOf({ ...connection, defaultDeadline: address.deadline });
    if (isDiscovered) super({ ...settings, discover: first }, ...rest);
    else if (endpoints.length > 1) super({ ...settings, endpoints: [...endpoints] }, ...rest);
    else super({ ...settings, endpoint: first }, ...rest);
    const reconnect = this.handleError;
    // What it cannot make sense of must not end the process.
    this.handleError = (client, error) => reconnect(client, error).catch(() => undefined);
  }

  /** @param revision from 0, -1 where the stream must not be there @throws StoreError */
  async appendAt(
    stream: string,
    revision: number,
    events: readonly SerialisedEvent[],
    deadline: number,
  ): Promise<Written> {
    const response = await this.#inTime(deadline, (progress) =>
      this.execute(
        StreamsClient,
        'append',
        (client) =>
          new Promise<streams.AppendResp>((resolve, reject) => {
            this.#begin(client, progress);
            const call = client.append(...this.#arguments(deadline), (error, answer) => {
              if (error === null) resolve(answer);
              else reject(error);
            });
            // What goes wrong is told when the call ends.
            call.on('error', () => undefined);
            call.write(appendHeader(stream, revision));
            for (const event of events) call.write(proposedMessage(event));
            call.end();
          }),
      ),
    );
    return writtenOf(response);
  }

  /**
   * A read that comes to an end, or a subscription. It must be cancelled when nobody reads it any more.
   * @throws StoreError
   */
  async read(request: streams.ReadReq, deadline: number): Promise<IncomingMessages> {
    const call = await this.#inTime(deadline, (progress) => {
      const open = this.GRPCStreamCreator(StreamsClient, 'read', (client) => {
        this.#begin(client, progress);
        return client.read(request, ...this.callArguments({ requiresLeader: true }, { deadline: Infinity }));
      });
      return open();
    });
    const messages = new IncomingMessages(call, () => this.#open.delete(messages));
    this.#open.add(messages);
    return messages;
  }

  /** As the server tells it; null where it is older than the telling. @throws StoreError */
  async serverVersion(deadline: number): Promise<string | null> {
    return this.#inTime(deadline, () =>
      this.execute(
        ServerFeaturesClient,
        'serverVersion',
        (client) =>
          new Promise<string | null>((resolve, reject) => {
            client.getSupportedMethods(new shared.Empty(), ...this.#arguments(deadline), (error, methods) => {
              if (error === null) resolve(methods.getEventStoreServerVersion());
              else if (error.code === UNIMPLEMENTED) resolve(null);
              else reject(error);
            });
          }),
      ),
    );
  }

  /** A node that does not answer is given up, so that the next call looks for another. */
  async giveUpNode(): Promise<void> {
    if (this.#client !== null) await this.handleError(this.#client, new UnavailableError());
  }

  /** What a call failed with after it was made. */
  errorOf(error: unknown): StoreError {
    return error instanceof StoreError ? error : new StoreError(troubleOf(error), { cause: error });
  }

  async close(): Promise<void> {
    for (const messages of this.#open) messages.cancel();
    await this.dispose();
    this.#client?.getChannel().close();
  }

  #arguments(deadline: number) {
    return this.callArguments({ requiresLeader: true, deadline });
  }

  /** @throws StoreError where whoever waited has been told that nothing was sent */
  #begin(client: Client, progress: Progress): void {
    this.#client = client;
    if (progress.isLate) throw silentServer();
    progress.hasBegun = true;
  }

  /** The client looks for the leader, and connects, without a deadline. */
  async #inTime<Result>(deadline: number, work: (progress: Progress) => Promise<Result>): Promise<Result> {
    const progress: Progress = { hasBegun: false, isLate: false };
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      progress.isLate = true;
      late.reject(silentServer(progress.hasBegun ? 'unknown' : 'no'));
    }, deadline + GRACE_MS);
    try {
      return await Promise.race([work(progress), late.promise]);
    } catch (error) {
      throw this.errorOf(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

interface Progress {
  /** A call was made. */
  hasBegun: boolean;
  /** Nobody waits any more. */
  isLate: boolean;
}

const UNIMPLEMENTED = 12;

function definedOf<Settings extends object>(settings: Settings) {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  // What is left out and what is undefined are the same to the client's types only.
  return Object.fromEntries(entries) as { [Name in keyof Settings]: NonNullable<Settings[Name]> };
}

function appendHeader(stream: string, revision: number): streams.AppendReq {
  const options = new streams.AppendReq.Options().setStreamIdentifier(streamIdentifier(stream));
  if (revision < 0) options.setNoStream(new shared.Empty());
  else options.setRevision(String(revision));
  return new streams.AppendReq().setOptions(options);
}

function proposedMessage({ id, type, data, metadata }: SerialisedEvent): streams.AppendReq {
  const message = new streams.AppendReq.ProposedMessage().setId(new shared.UUID().setString(id));
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  message.setData(Buffer.from(data)).setCustomMetadata(Buffer.from(metadata));
  return new streams.AppendReq().setProposedMessage(message);
}

function writtenOf(response: streams.AppendResp): Written {
  const wrong = response.getWrongExpectedVersion();
  if (wrong !== undefined) {
    const actual = wrong.hasCurrentRevision() ? Number(wrong.getCurrentRevision()) : 'no_stream';
    throw new StoreError({ kind: 'wrong revision', actual });
  }
  const success = response.getSuccess();
  if (success === undefined)
    throw new Error('the server answered an append with neither success nor failure');
  const position = success.getPosition();
  return {
    revision: Number(success.getCurrentRevision()),
    position:
      position === undefined
        ? null
        : formatPosition({
            commit: position.getCommitPosition(),
            prepare: position.getPreparePosition(),
          }),
  };
}
