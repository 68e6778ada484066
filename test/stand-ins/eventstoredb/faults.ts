import type { RpcError } from './errors.ts';

export type Method = 'append' | 'batchAppend' | 'delete' | 'tombstone' | 'read' | 'gossip' | 'features';

/** What goes wrong with a call. */
export type Fault =
  | { readonly kind: 'error'; readonly error: RpcError }
  /** The whole server, as if its process had been killed. */
  | { readonly kind: 'die' }
  /** The call is never answered; `reached` is called when it is there. */
  | { readonly kind: 'hang'; readonly reached: () => void };

export interface PlannedFault {
  readonly fault: Fault;
  /** `after` the call has been carried out, but not answered; `before` where it is left out. */
  readonly when?: 'before' | 'after';
  /** Only calls of the client with this connection name. */
  readonly connection?: string;
  /** How many calls it befalls; 1 where it is left out. */
  readonly times?: number;
}

/** What a test lets go wrong with the next calls of a method. */
export class Faults {
  #planned: { readonly method: Method; readonly planned: PlannedFault; left: number }[] = [];

  next(method: Method, planned: PlannedFault): void {
    this.#planned.push({ method, planned, left: planned.times ?? 1 });
  }

  /** A call that is never answered. @returns resolves when it is there */
  async hang(method: Method, rest: Omit<PlannedFault, 'fault'> = {}): Promise<void> {
    await new Promise<void>((reached) => this.next(method, { ...rest, fault: { kind: 'hang', reached } }));
  }

  /** Lets everything go well again; what hangs goes on hanging. */
  clear(): void {
    this.#planned = [];
  }

  /** The fault that befalls a call now, if any does. */
  take(method: Method, connection: string, now: 'before' | 'after'): Fault | undefined {
    const found = this.#planned.find(
      ({ method: of, planned: { when = 'before', connection: only } }) =>
        of === method && when === now && (only === undefined || only === connection),
    );
    if (found === undefined) return undefined;
    found.left--;
    if (found.left === 0) this.#planned = this.#planned.filter((each) => each !== found);
    return found.planned.fault;
  }
}
