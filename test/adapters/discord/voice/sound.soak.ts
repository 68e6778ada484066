import { expect, test } from 'vitest';
import { longestGap } from '../../../stand-ins/discord/voice/heard-sound.ts';
import { isHeardAsMade } from './heard-as-made.ts';

test.for([
  ['en', 5],
  ['ru', 5],
  ['en', 200],
  ['ru', 200],
] as const)(
  'what is said in %s with %i words is heard as it was made, without a gap',
  async ([language, count]) => {
    const packets = await isHeardAsMade(language, count, { isPatient: false });
    expect(longestGap(packets)).toBeLessThan(60);
  },
);
