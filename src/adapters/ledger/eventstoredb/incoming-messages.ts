import type streams from '@eventstore/db-client/generated/streams_pb.js';

/** A call that the server answers with any number of messages. */
interface ReadCall {
  read(): streams.ReadResp | null;
  cancel(): void;
  destroy(): void;
  on(event: 'readable' | 'end' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Of the messages of one call, one after the other, as fast as they are wanted. */
export class IncomingMessages {
  readonly #call: ReadCall;
  readonly #ended: () => void;
  #state: { readonly kind: 'open' | 'ended' } | { readonly kind: 'failed'; readonly error: Error } = {
    kind: 'open',
  };
  #changed = Promise.withResolvers<void>();

  /** @param ended is called once, when nothing more can come */
  constructor(call: ReadCall, ended: () => void) {
    this.#call = call;
    this.#ended = ended;
    const change = () => this.#changed.resolve();
    call.on('readable', change);
    call.on('end', () => this.#end({ kind: 'ended' }));
    call.on('close', () => this.#end({ kind: 'ended' }));
    call.on('error', (error) => this.#end({ kind: 'failed', error }));
  }

  /** What is there already; nothing where something has to be waited for, or it is over. */
  takeReady(): streams.ReadResp[] {
    const ready: streams.ReadResp[] = [];
    for (let message = this.#call.read(); message !== null; message = this.#call.read()) ready.push(message);
    return ready;
  }

  /** Whether nothing more will come. @throws what the call failed with */
  get hasEnded(): boolean {
    if (this.#state.kind === 'failed') throw this.#state.error;
    return this.#state.kind === 'ended';
  }

  /**
   * Until there may be a message, it has ended, or the signal fires.
   * @param silence in ms
   * @returns false where nothing came for so long
   */
  async wait(silence: number, signal: AbortSignal): Promise<boolean> {
    if (this.#state.kind !== 'open' || signal.aborted) return true;
    this.#changed = Promise.withResolvers();
    const { promise, resolve } = this.#changed;
    let isSilent = false;
    const timer = setTimeout(() => {
      isSilent = true;
      resolve();
    }, silence);
    const stop = () => resolve();
    signal.addEventListener('abort', stop, { once: true });
    // It may have come before anybody listened.
    await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    return !isSilent;
  }

  /** The server sees the call closed. */
  cancel(): void {
    if (this.#state.kind === 'open') this.#call.cancel();
    // What the server had ended before is not over for the client until all of it was read.
    this.#call.destroy();
    this.#end({ kind: 'ended' });
  }

  #end(state: { readonly kind: 'ended' } | { readonly kind: 'failed'; readonly error: Error }): void {
    if (this.#state.kind !== 'open') return;
    this.#state = state;
    this.#ended();
    this.#changed.resolve();
  }
}
