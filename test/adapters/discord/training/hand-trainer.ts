import type { Trainer, TrainingOrder, TrainingUpdate } from '../../../../src/domain/ports.ts';

/** Reports what the test has it report, to whichever job is training. */
export class HandTrainer implements Trainer {
  readonly name = 'hand';
  readonly baseModel = 'embedded-base';
  readonly formats = ['sft', 'dpo', 'kto'] as const;
  readonly #updates: TrainingUpdate[] = [];
  #more = Promise.withResolvers<void>();

  report(...updates: readonly TrainingUpdate[]): void {
    this.#updates.push(...updates);
    this.#more.resolve();
  }

  step(step: number, total: number, loss: number | null = null): void {
    this.report({ kind: 'progressed', step, total, loss });
  }

  succeed(model = 'hand-1', loss: number | null = null): void {
    this.report({ kind: 'succeeded', model, artifact: null, loss });
  }

  async *train(_: TrainingOrder, signal: AbortSignal): AsyncGenerator<TrainingUpdate> {
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    yield { kind: 'started', reference: null };
    while (!signal.aborted) {
      this.#more = Promise.withResolvers();
      for (let update = this.#updates.shift(); update !== undefined; update = this.#updates.shift()) {
        yield update;
        if (update.kind === 'succeeded' || update.kind === 'failed') return;
      }
      await Promise.race([this.#more.promise, stopped]);
    }
  }
}
