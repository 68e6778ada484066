import type { DomainEvent } from '../domain/events.ts';
import type { Bot } from '../domain/surface.ts';
import type { ReadModels } from '../projections/projector.ts';
import { mayHear } from './processes/hearing.ts';

/** Tells at once who has consented or withdrawn it. */
export class ConsentNews {
  readonly #readModels: ReadModels;
  readonly #listeners = new Set<Parameters<Bot['consents']>[0]>();

  constructor(readModels: ReadModels) {
    this.#readModels = readModels;
  }

  readonly follow: Bot['consents'] = (listener, signal) => {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  };

  /** As it is now: a command that came again was perhaps overtaken by another one. @param events that are projected */
  async tell(scope: string, events: readonly DomainEvent[]): Promise<void> {
    for (const { type, data } of events) {
      if (type !== 'ConsentGiven' && type !== 'ConsentWithdrawn') continue;
      const consented = await mayHear(this.#readModels, scope, data.member);
      for (const listener of this.#listeners) listener(scope, data.member, consented);
    }
  }
}
