import { on } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import type { Bytes } from '../../../domain/ports.ts';

const Parcel = z.union([
  z.object({ bytes: z.instanceof(Uint8Array) }),
  z.object({ failure: z.string() }),
  z.object({ end: z.literal(true) }),
]);
type Parcel = z.infer<typeof Parcel>;

/**
 * Gives bytes to the thread at the other end of a channel, a piece each time it asks for one, so that neither
 * side piles them up. Ends early, without an error, where the other end is closed.
 * @throws what reading the content throws; the other end is told the message
 */
export async function sendBytes(content: Bytes, port: MessagePort): Promise<void> {
  const pieces = iterate(content);
  const send = (parcel: Parcel) => port.postMessage(parcel);
  try {
    for await (const _ of on(port, 'message', { close: ['close'] })) {
      const { done, value } = await pieces.next();
      if (done === true) return send({ end: true });
      const bytes = new Uint8Array(value);
      port.postMessage({ bytes } satisfies Parcel, [bytes.buffer]);
    }
  } catch (error) {
    send({ failure: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    await pieces.return(undefined);
  }
}

/**
 * The bytes that the other end of a channel gives; the channel is closed at the end.
 * @throws Error with the other end's message where it failed, or where it was closed before the end
 */
export async function* receiveBytes(port: MessagePort): AsyncGenerator<Uint8Array> {
  const parcels = on(port, 'message', { close: ['close'] });
  const ask = () => port.postMessage('more');
  try {
    ask();
    for await (const [message] of parcels) {
      const parcel = Parcel.parse(message);
      if ('end' in parcel) return;
      if ('failure' in parcel) throw new Error(parcel.failure);
      yield parcel.bytes;
      ask();
    }
    throw new Error('the bytes ended too early');
  } finally {
    port.close();
  }
}

async function* iterate(content: Bytes): AsyncGenerator<Uint8Array, undefined> {
  yield* content;
}
