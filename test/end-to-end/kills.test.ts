import { describe, it } from 'vitest';
import { expectToSurviveKills } from './kills.ts';

describe('what was acknowledged', () => {
  it('is there exactly once after every kill, and jobs end once', async () => {
    await expectToSurviveKills(2);
  });
});
