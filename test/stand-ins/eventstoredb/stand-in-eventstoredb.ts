import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import serverFeatures from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { Cluster, type Member } from './cluster.ts';
import { Connections } from './connections.ts';
import { rpcErrors } from './errors.ts';
import { EventLog } from './event-log.ts';
import { Faults, type Method } from './faults.ts';
import { Gate } from './gate.ts';
import { ReaderService } from './reading.ts';
import { rpcErrorOf, WriterService } from './writing.ts';

export interface StandInOptions {
  /** What it writes and reads; a new one in memory where it is left out. */
  readonly log?: EventLog;
  /** 0, or nothing, for any; it keeps it when it is started anew. */
  readonly port?: number;
  /** The nodes that it is one of; it is alone where it is left out. */
  readonly cluster?: Cluster;
  /** Null for one so old that it does not say. */
  readonly version?: string | null;
  /** Speaks TLS, and wants to know who is calling. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** By name, where it speaks TLS. */
  readonly users?: Readonly<Record<string, string>>;
  readonly maxAppendSize?: number;
  readonly repeatsWithoutPosition?: boolean;
}

/** What servers take by default, in bytes. */
const MAX_APPEND_SIZE = 1024 * 1024;
const VERSION = '24.10.4';

/** Read messages are bytes already. */
const RawStreamsService = {
  ...StreamsService,
  read: { ...StreamsService.read, responseSerialize: (message: Buffer) => message },
};

/** A node of EventStoreDB as we read its documentation and its source: for tests, on the loopback only. */
export class StandInEventStoreDB implements Member {
  readonly host = '127.0.0.1';
  readonly instance = crypto.randomUUID();
  readonly log: EventLog;
  readonly cluster: Cluster;
  readonly faults = new Faults();
  readonly gate: Gate;
  readonly #options: StandInOptions;
  readonly #connections = new Connections((socket) => this.#inject(socket));
  #inject: (socket: import('node:net').Socket) => void = () => undefined;
  #server: Server | null = null;
  #writer: WriterService;
  #reader: ReaderService;
  #port: number;

  static async start(options: StandInOptions = {}): Promise<StandInEventStoreDB> {
    const standIn = new StandInEventStoreDB(options);
    await standIn.start();
    standIn.cluster.join(standIn);
    return standIn;
  }

  private constructor(options: StandInOptions) {
    this.#options = options;
    this.#port = options.port ?? 0;
    this.log = options.log ?? new EventLog();
    this.cluster = options.cluster ?? new Cluster();
    const users = options.tls === undefined ? null : (options.users ?? { admin: 'changeit' });
    this.gate = new Gate({ faults: this.faults, users, kill: () => this.kill() });
    this.#writer = this.#createWriter();
    this.#reader = this.#createReader();
  }

  get port(): number {
    return this.#port;
  }

  get isRunning(): boolean {
    return this.#server !== null;
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.#connections.count;
  }

  get reader(): ReaderService {
    return this.#reader;
  }

  /** For clients, without credentials. */
  get url(): string {
    return `esdb://${this.host}:${this.port}?tls=${this.#options.tls !== undefined}`;
  }

  /** Again, or for the first time: it remembers nothing but what is in the log. */
  async start(): Promise<void> {
    if (this.#server !== null) return;
    this.#writer = this.#createWriter();
    this.#reader = this.#createReader();
    const server = this.#createServer();
    const { tls } = this.#options;
    const credentials =
      tls === undefined
        ? ServerCredentials.createInsecure()
        : ServerCredentials.createSsl(null, [
            { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) },
          ]);
    const injector = server.createConnectionInjector(credentials);
    this.#inject = (socket) => injector.injectConnection(socket);
    this.#port = await this.#connections.listen(this.#port);
    this.#server = server;
  }

  /** All of its connections break, as when its process is killed. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    await this.#connections.breakOff();
    server?.forceShutdown();
  }

  /** Forgets which events it has written lately, as it does when it is started anew. */
  forget(): void {
    this.#writer.forget();
  }

  #createWriter(): WriterService {
    const { maxAppendSize = MAX_APPEND_SIZE, repeatsWithoutPosition = false } = this.#options;
    return new WriterService({ ...this.#parts(), maxAppendSize, repeatsWithoutPosition });
  }

  #createReader(): ReaderService {
    return new ReaderService(this.#parts());
  }

  #parts() {
    return { log: this.log, gate: this.gate, cluster: this.cluster, node: this };
  }

  #createServer(): Server {
    const server = new Server({ 'grpc.max_receive_message_length': 16 * 1024 * 1024 });
    server.addService(RawStreamsService, {
      read: this.#reader.read,
      append: this.#writer.append,
      batchAppend: this.#writer.batchAppend,
      delete: this.#writer.delete,
      tombstone: this.#writer.tombstone,
    });
    server.addService(GossipService, { read: this.#unary('gossip', () => this.cluster.describe()) });
    server.addService(ServerFeaturesService, {
      getSupportedMethods: this.#unary('features', () => this.#supportedMethods()),
    });
    return server;
  }

  #unary<Request, Response>(method: Method, work: () => Response | null) {
    return (call: ServerUnaryCall<Request, Response>, answer: sendUnaryData<Response>): void => {
      this.gate.pass(method, call.metadata, 'before').then(
        () => {
          const response = work();
          answer(response === null ? rpcErrors.unimplemented() : null, response);
        },
        (error) => answer(rpcErrorOf(error)),
      );
    };
  }

  #supportedMethods(): serverFeatures.SupportedMethods | null {
    const { version = VERSION } = this.#options;
    if (version === null) return null;
    const methods = Object.values(StreamsService).map(({ path }) => {
      const [, service = '', method = ''] = path.toLowerCase().split('/');
      return new serverFeatures.SupportedMethod().setServiceName(service).setMethodName(method);
    });
    return new serverFeatures.SupportedMethods().setEventStoreServerVersion(version).setMethodsList(methods);
  }
}
