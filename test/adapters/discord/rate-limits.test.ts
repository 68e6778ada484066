import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RateLimits, usualRateLimits } from '../../../src/adapters/discord/rate-limits.ts';

const limits = {
  member: { count: 3, windowSeconds: 10 },
  guild: { count: 5, windowSeconds: 10 },
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function times(count: number, take: () => Promise<string>): Promise<string[]> {
  const answers: string[] = [];
  for (let time = 0; time < count; time++) answers.push(await take());
  return answers;
}

describe('what is too much', () => {
  it('is told a member once in a window, and then met with silence', async () => {
    const rates = new RateLimits(limits);
    const ann = () => rates.take('guild', 'ann');
    expect(await times(6, ann)).toEqual(['go', 'go', 'go', 'tell', 'silent', 'silent']);
    vi.advanceTimersByTime(10_000);
    expect(await times(5, ann)).toEqual(['go', 'go', 'go', 'tell', 'silent']);
  });

  it('is counted for a member wherever they are', async () => {
    const rates = new RateLimits(limits);
    expect(await times(3, () => rates.take('one', 'ann'))).toEqual(['go', 'go', 'go']);
    expect(await rates.take('another', 'ann')).toBe('tell');
    expect(await rates.take('another', 'bob')).toBe('go');
  });

  it('is counted for a guild, and told there once', async () => {
    const rates = new RateLimits(limits);
    const members = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const answers = await Promise.all(members.map((member) => rates.take('guild', member)));
    expect(answers).toEqual(['go', 'go', 'go', 'go', 'go', 'tell', 'silent']);
    expect(await rates.take('another', 'h')).toBe('go');
  });

  it('cannot be brought about by one member for the others of their guild', async () => {
    const rates = new RateLimits(limits);
    await times(50, () => rates.take('guild', 'ann'));
    expect(await times(2, () => rates.take('guild', 'bob'))).toEqual(['go', 'go']);
  });

  it('is never what a thousand members ask at the same moment', async () => {
    const rates = new RateLimits(usualRateLimits);
    const members = Array.from({ length: 1_000 }, (_, index) => `member ${index}`);
    const answers = await Promise.all(members.map((member) => rates.take('guild', member)));
    expect(new Set(answers)).toEqual(new Set(['go']));
  });
});
