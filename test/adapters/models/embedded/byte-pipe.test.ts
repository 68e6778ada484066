import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { receiveBytes, sendBytes } from '../../../../src/adapters/models/embedded/byte-pipe.ts';

const piece = (byte: number) => new Uint8Array(3).fill(byte);

function pipe() {
  const { port1, port2 } = new MessageChannel();
  return { near: port1, far: port2 };
}

describe('bytes that go from one thread to another', () => {
  it('arrive in order and leave the pieces of the sender alone', async () => {
    const { near, far } = pipe();
    const pieces = [piece(1), piece(2), piece(3)];
    const sending = sendBytes(pieces, near);
    const received: Uint8Array[] = [];
    for await (const bytes of receiveBytes(far)) received.push(bytes);
    await sending;
    expect(received).toEqual([piece(1), piece(2), piece(3)]);
    expect(pieces).toEqual(received);
  });

  it('are read only as they are asked for, and no further where nobody wants the rest', async () => {
    const { near, far } = pipe();
    let read = 0;
    let released = false;
    async function* endless() {
      try {
        while (true) yield piece(++read);
      } finally {
        released = true;
      }
    }
    const sending = sendBytes(endless(), near);
    for await (const [first] of receiveBytes(far)) if (first === 2) break;
    await sending;
    expect({ read, released }).toEqual({ read: 2, released: true });
  });

  it('fail at both ends where they cannot be read', async () => {
    const { near, far } = pipe();
    async function* failing() {
      yield piece(1);
      throw new Error('the disk is gone');
    }
    const sending = sendBytes(failing(), near);
    const receiving = (async () => {
      for await (const _ of receiveBytes(far));
    })();
    const outcomes = await Promise.allSettled([sending, receiving]);
    expect(outcomes).toEqual(
      outcomes.map(() => ({ status: 'rejected', reason: new Error('the disk is gone') })),
    );
  });

  it('are not taken for whole where the sender went away', async () => {
    const { near, far } = pipe();
    near.close();
    await expect(receiveBytes(far).next()).rejects.toThrow('too early');
  });
});
