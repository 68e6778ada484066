import { describe, expect, it } from 'vitest';
import { Turns } from '../../../src/adapters/discord/turns.ts';

const FOREVER = 1_000_000;

describe('what one member writes in one channel', () => {
  it('is begun at once where nothing else is going on', () => {
    const begun: string[] = [];
    const turns = new Turns(FOREVER);
    void turns.take('a', async () => begun.push('first'));
    void turns.take('b', async () => begun.push('of another'));
    expect(begun).toEqual(['first', 'of another']);
  });

  it('is done in its order, also after something that failed', async () => {
    const done: number[] = [];
    const turns = new Turns(FOREVER);
    const gate = Promise.withResolvers<void>();
    const first = turns.take('a', async () => {
      await gate.promise;
      done.push(1);
      throw new Error('failed');
    });
    const others = [2, 3].map((n) => turns.take('a', async () => done.push(n)));
    await Promise.resolve();
    expect(done).toEqual([]);
    gate.resolve();
    await expect(first).rejects.toThrow('failed');
    await Promise.all(others);
    expect(done).toEqual([1, 2, 3]);
  });

  it('waits no longer than is good for what takes for ever', async () => {
    const turns = new Turns(1);
    void turns.take('a', () => new Promise(() => undefined));
    expect(await turns.take('a', async () => 'done all the same')).toBe('done all the same');
  });
});
