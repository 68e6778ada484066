import type { Metadata } from '@grpc/grpc-js';
import type { RpcError } from './errors.ts';
import { rpcErrors } from './errors.ts';
import type { Faults, Method } from './faults.ts';

/** An error that a call is answered with. */
export class Failed extends Error {
  readonly error: RpcError;

  constructor(error: RpcError) {
    super(error.details);
    this.error = error;
  }
}

interface GateOptions {
  readonly faults: Faults;
  /** By name; null where nobody has to say who they are. */
  readonly users: Readonly<Record<string, string>> | null;
  readonly kill: () => Promise<void>;
}

/** What every call passes before it is carried out and before it is answered. */
export class Gate {
  readonly #options: GateOptions;
  #frozen: PromiseWithResolvers<void> | null = null;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** From now on calls are taken and not answered. */
  freeze(): void {
    this.#frozen ??= Promise.withResolvers();
  }

  thaw(): void {
    this.#frozen?.resolve();
    this.#frozen = null;
  }

  /** @throws Failed; never settles where the call is never answered */
  async pass(method: Method, metadata: Metadata, now: 'before' | 'after'): Promise<void> {
    await this.#frozen?.promise;
    const connection = String(metadata.get('connection-name')[0] ?? '');
    const fault = this.#options.faults.take(method, connection, now);
    switch (fault?.kind) {
      case 'error':
        throw new Failed(fault.error);
      case 'die':
        await this.#options.kill();
        return never();
      case 'hang':
        fault.reached();
        return never();
    }
  }

  /** @throws Failed */
  admit(metadata: Metadata): void {
    const { users } = this.#options;
    if (users === null) return;
    const [header] = metadata.get('authorization');
    if (header === undefined) throw new Failed(rpcErrors.accessDenied());
    const [name = '', password] = Buffer.from(String(header).replace(/^Basic /, ''), 'base64')
      .toString('utf8')
      .split(/:(.*)/s);
    if (!Object.hasOwn(users, name) || users[name] !== password) {
      throw new Failed(rpcErrors.unauthenticated());
    }
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
