import type { ConversingBot, Incoming, JobNotice, Reply } from '../../../src/domain/surface.ts';

/** Records what it is asked and answers with the text in capitals, unless told otherwise. */
export class FakeBot implements ConversingBot {
  readonly prefix = '!';
  readonly received: Incoming[] = [];
  /** How many commands run at this moment, and the most there ever were. */
  running = 0;
  mostRunning = 0;
  readonly #listeners = new Set<(notice: JobNotice, scope: string) => void>();
  readonly #answer: (incoming: Incoming, text: string) => Reply | Promise<Reply>;
  #idle: Promise<void> = Promise.resolve();

  constructor(answer: (incoming: Incoming, text: string) => Reply | Promise<Reply> = capitals) {
    this.#answer = answer;
  }

  get texts(): string[] {
    return this.received.map(textOf);
  }

  get listening(): boolean {
    return this.#listeners.size > 0;
  }

  async run(incoming: Incoming): Promise<Reply> {
    this.received.push(incoming);
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    try {
      // Others get their turn, as they would while the ledger writes.
      await new Promise(setImmediate);
      return await this.#answer(incoming, textOf(incoming));
    } finally {
      this.running--;
    }
  }

  notices(
    scope: string | null,
    listener: (notice: JobNotice, scope: string) => void,
    signal: AbortSignal,
  ): void {
    if (scope !== 'local') throw new Error(`the console belongs to local, not to ${scope}`);
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener));
  }

  tell(notice: JobNotice): void {
    for (const listener of this.#listeners) listener(notice, 'local');
  }

  idle(): Promise<void> {
    return this.#idle;
  }

  /** Makes `idle` wait until the returned function is called. */
  trainUntil(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle = promise;
    return resolve;
  }

  async close(): Promise<void> {}
}

export function replying(reply: Partial<Reply>): Reply {
  return { command: '', ok: true, text: '', data: {}, files: [], actions: [], isPrivate: false, ...reply };
}

export function capitals(_: Incoming, text: string): Reply {
  return replying({ command: 'ask', text: text.toUpperCase(), data: { length: text.length } });
}

export function jobNotice(state: JobNotice['data']['state'], progress: number): JobNotice {
  const job = '0190f3b2-aaaa-7000-8000-000000000001';
  const model = state === 'succeeded' ? 'embedded-abc' : null;
  return { notice: 'job', text: `Job 0190f3b2 is ${state}.`, data: { job, state, progress, model } };
}

function textOf({ input }: Incoming): string {
  return input.kind === 'command' ? `command ${input.name}` : input.kind === 'text' ? input.text : 'speech';
}
