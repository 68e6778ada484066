import { Chat } from './chat.ts';
import { ServerClock } from './clock.ts';
import { Contract } from './contract.ts';
import type { Faults } from './faults.ts';
import { Files } from './files.ts';
import { ApiServer, type Exchange } from './http-server.ts';
import { Jobs } from './jobs.ts';
import { Models } from './models.ts';
import { Moderations } from './moderations.ts';
import { selfSignedCertificate } from './self-signed.ts';
import { Transcriptions } from './transcriptions.ts';

export interface StandInOptions {
  /** Over TLS with a certificate that no client accepts. */
  readonly badCertificate?: boolean;
  readonly baseModels?: readonly string[];
}

/** An endpoint that speaks OpenAI's API, keeps what it is given and really teaches its models. */
export class StandInOpenAI {
  readonly key: string = 'sk-stand-in-0123456789abcdefghijklmnopqrstuvwxyz';
  readonly clock = new ServerClock();
  readonly files: Files;
  readonly models: Models;
  readonly jobs: Jobs;
  readonly chat: Chat;
  readonly moderations = new Moderations();
  readonly transcriptions = new Transcriptions();
  readonly #server: ApiServer;

  static async start(options: StandInOptions = {}): Promise<StandInOpenAI> {
    const standIn = new StandInOpenAI(options);
    await standIn.#server.start();
    return standIn;
  }

  private constructor({
    badCertificate = false,
    baseModels = ['gpt-4o-mini', 'gpt-4o-mini-2024-07-18'],
  }: StandInOptions) {
    this.files = new Files(this.clock);
    this.models = new Models(this.clock, baseModels);
    this.jobs = new Jobs(this.clock, this.files, this.models);
    this.chat = new Chat(this.clock, this.models);
    this.#server = new ApiServer({
      routes: [
        ...this.files.routes,
        ...this.jobs.routes,
        ...this.models.routes,
        ...this.chat.routes,
        ...this.moderations.routes,
        ...this.transcriptions.routes,
      ],
      isKey: (key) => key === this.key,
      certificate: badCertificate ? selfSignedCertificate() : null,
    });
  }

  /** With the version, as a client's base URL. */
  get url(): string {
    return this.#server.url;
  }

  get faults(): Faults {
    return this.#server.faults;
  }

  /** The requests to a route so far, such as `POST /files`; all of them without one. */
  requests(route?: string): readonly Exchange[] {
    return route === undefined ? this.#server.exchanges : this.#server.requests(route);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** @throws Error where something was asked for or answered that OpenAI's API does not have */
  assertContract(): void {
    const contract = Contract.load();
    const failures = [
      ...this.#server.unexpected,
      ...this.#server.exchanges.flatMap((exchange) => contract?.failuresOf(exchange) ?? []),
    ];
    if (failures.length === 0) return;
    throw new Error(`Not as OpenAI has it:\n${[...new Set(failures)].join('\n')}`);
  }
}
