import { describe, expect, it } from 'vitest';
import { expectToSurviveKills } from './kills.ts';

const LIVES = 2;
const KILLS = 60;

describe('what was acknowledged', () => {
  it('is there exactly once after hundreds of kills, and jobs end once', async () => {
    const lane = async () => {
      let interrupted = 0;
      for (let life = 0; life < LIVES; life++) interrupted += await expectToSurviveKills(KILLS);
      return interrupted;
    };
    const [one = 0, two = 0] = await Promise.all([lane(), lane()]);
    expect(one + two).toBeGreaterThan(0);
  }, 900_000);
});
