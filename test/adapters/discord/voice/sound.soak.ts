import { expect, test } from 'vitest';
import { longestGap } from '../../../stand-ins/discord/voice/heard-sound.ts';
import { isHeardAsMade } from './heard-as-made.ts';

/** In ms. How long it is on a quiet machine is measured in bench/voice-gap.ts; here nothing is to break off. */
const MOST_BETWEEN = 500;

const texts = [
  ['en', 5],
  ['ru', 5],
  ['en', 200],
  ['ru', 200],
] as const;

test.for(texts)(
  'what is said in %s with %i words is heard as it was made, and nothing is lost',
  async ([language, count]) => {
    await isHeardAsMade(language, count, { isPatient: true });
  },
);

test.for(texts)(
  'what is said in %s with %i words is heard as it was made, without breaking off, though the rest is made while the beginning is heard',
  // Where others keep the machine busy, speech can come late once, and silence stands in between.
  { retry: 2 },
  async ([language, count]) => {
    const packets = await isHeardAsMade(language, count, { isPatient: false });
    const gap = longestGap(packets);
    console.log(
      `${language}, ${count} words: at most ${gap.toFixed(0)} ms between two of ${packets.length} packets`,
    );
    expect(gap).toBeLessThan(MOST_BETWEEN);
  },
);
