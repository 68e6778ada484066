import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What can be measured at the moment of the asking. */
export interface Measured {
  gatewayIsReady(): boolean;
  /** Round trip of the gateway's last heartbeat in ms; null before the first, and where there is no connection. */
  gatewayPing(): number | null;
  /** Position of the newest event of the ledger; null where there is none. */
  ledgerPosition(): Promise<string | null>;
  /** How many events the read models have taken in, and the position that they have reached. */
  readModels(): { readonly ordinal: number; readonly position: string | null };
  now(): number;
}

/** `refused` for what was wrong with the asking, `failed` for what went wrong with the answering. */
export type Result = 'done' | 'refused' | 'failed';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** Everything that is counted, in the text format of Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #commands: Counter<'command' | 'result'>;
  readonly #latency: Histogram<'command'>;
  readonly #measured: Measured;
  /** When the read models were last seen to be where the ledger is, in ms since 1970. */
  #levelAt: number;

  constructor(measured: Measured) {
    const registers = [this.#registry];
    this.#measured = measured;
    this.#levelAt = measured.now();
    collectDefaultMetrics({ register: this.#registry });
    this.#commands = new Counter({
      name: 'training_ledger_commands_total',
      help: 'Commands and questions answered, by command and result.',
      labelNames: ['command', 'result'],
      registers,
    });
    this.#latency = new Histogram({
      name: 'training_ledger_command_seconds',
      help: 'From a command reaching the bot to its reply.',
      labelNames: ['command'],
      buckets: SECONDS,
      registers,
    });
    this.#addGauges(registers);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  answered(command: string, result: Result, seconds: number): void {
    this.#commands.inc({ command, result });
    this.#latency.observe({ command }, seconds);
  }

  /** For how long the read models have been behind the ledger, in seconds; 0 where they are not. */
  async lagSeconds(): Promise<number> {
    const now = this.#measured.now();
    if ((await this.#measured.ledgerPosition()) === this.#measured.readModels().position) this.#levelAt = now;
    return (now - this.#levelAt) / 1_000;
  }

  #addGauges(registers: Registry[]): void {
    const measured = this.#measured;
    const gauge = (name: string, help: string, value: () => number | Promise<number>) =>
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await value());
        },
      });
    gauge('training_ledger_gateway_ping_seconds', "Round trip of the gateway's last heartbeat.", () => {
      const ping = measured.gatewayPing();
      return ping === null ? Number.NaN : ping / 1_000;
    });
    gauge('training_ledger_gateway_connected', 'Whether the gateway is connected.', () =>
      Number(measured.gatewayIsReady()),
    );
    gauge(
      'training_ledger_head',
      "Position of the ledger's newest event; on a server its commit position.",
      async () => numberOf(await measured.ledgerPosition()),
    );
    gauge(
      'training_ledger_projected_head',
      'Position that the read models have reached, to be held against training_ledger_head.',
      () => numberOf(measured.readModels().position),
    );
    gauge(
      'training_ledger_projected_events',
      'Events of the ledger that the read models have taken in.',
      () => measured.readModels().ordinal,
    );
    gauge('training_ledger_projection_lag_seconds', 'For how long the read models have been behind.', () =>
      this.lagSeconds(),
    );
  }
}

/** Only to be looked at: of a position of two numbers the first, which goes on as the ledger does. 0 before any event. */
function numberOf(position: string | null): number {
  return position === null ? 0 : Number.parseInt(position, 10);
}
