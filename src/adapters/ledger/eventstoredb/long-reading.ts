import type { StoredEvent } from '../../../domain/events.ts';
import type { ReadAllOptions } from '../../../domain/ledger.ts';
import { ReadingThread } from './reading-thread.ts';
import type { StoreReader } from './store-reader.ts';

export interface LongReadingOptions {
  readonly reader: StoreReader;
  /** Of the server. */
  readonly url: string;
  /** After so many it begins: then there are likely enough of them left. */
  readonly eventsBeforeThread: number;
  /** Fires when the ledger is closed. */
  readonly closed: AbortSignal;
}

/**
 * As StoreReader.readAll, but where there is much to read, most of it is read in a thread of its own.
 * @throws StoreError, UnreadableEvent, the signal's reason when it fires
 */
export async function* readLong(
  { reader, url, eventsBeforeThread, closed }: LongReadingOptions,
  options: ReadAllOptions,
): AsyncGenerator<StoredEvent> {
  const { through = null, signal } = options;
  const stop = signal === undefined ? closed : AbortSignal.any([closed, signal]);
  let at = options.after ?? null;
  let thread: ReadingThread | undefined;
  const leave = () => void thread?.close();
  stop.addEventListener('abort', leave, { once: true });
  try {
    let read = 0;
    for await (const event of reader.readAll(options)) {
      yield event;
      at = event.position;
      read++;
      if (read === eventsBeforeThread) thread = new ReadingThread(url);
      if (thread?.isReady) break;
    }
    if (thread?.isReady !== true || at === null) return;
    const ahead = thread.read({ after: at, through });
    for (let page = await ahead.next(); page !== null; page = await ahead.next()) {
      for (const event of page.events) {
        yield event;
        signal?.throwIfAborted();
      }
      at = page.end;
    }
  } finally {
    stop.removeEventListener('abort', leave);
    await thread?.close();
  }
  if (closed.aborted) return;
  // What has come since, or the thread could not read.
  yield* reader.readAll({ ...options, after: at });
}
