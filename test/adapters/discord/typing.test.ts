import { REST } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Typing } from '../../../src/adapters/discord/typing.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Counts what is sent, and answers when the test says so. */
function slowRest() {
  const sent: { readonly route: string; readonly signal: AbortSignal | undefined }[] = [];
  const rest = new REST();
  vi.spyOn(rest, 'post').mockImplementation((route, { signal } = {}) => {
    sent.push({ route, signal: signal ?? undefined });
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  });
  return { rest, sent };
}

describe('the typing indicator', () => {
  it('is not shown for what is answered at once', async () => {
    const { rest, sent } = slowRest();
    const end = new Typing(rest).begin('1');
    await vi.advanceTimersByTimeAsync(200);
    await end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual([]);
  });

  it('is renewed before Discord takes it away, until the answer is there and not a moment longer', async () => {
    const { rest, sent } = slowRest();
    const end = new Typing(rest).begin('1');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent.length).toBeGreaterThanOrEqual(7);
    const before = sent.length;
    await end();
    expect(sent.at(-1)?.signal?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent.length).toBe(before);
  });

  it('is one for all the answers that are awaited in a channel', async () => {
    const { rest, sent } = slowRest();
    const typing = new Typing(rest);
    const ends = ['1', '1', '1', '2'].map((channel) => typing.begin(channel));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent.map(({ route }) => route)).toEqual(['/channels/1/typing', '/channels/2/typing']);
    await ends[0]?.();
    await ends[1]?.();
    await vi.advanceTimersByTimeAsync(8_000);
    expect(sent).toHaveLength(4);
    await ends[2]?.();
    await ends[3]?.();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sent).toHaveLength(4);
  });

  it('ends by itself where an answer never comes', async () => {
    const { rest, sent } = slowRest();
    new Typing(rest).begin('1');
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    const after = sent.length;
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(sent.length).toBe(after);
  });
});
