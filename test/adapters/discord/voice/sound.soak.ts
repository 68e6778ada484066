import { test } from 'vitest';
import { isHeardAsMade } from './heard-as-made.ts';

// The longest gap between packets is a matter of how busy the machine is: it is measured in bench/voice-gap.ts.
test.for([
  ['en', 5],
  ['ru', 5],
  ['en', 200],
  ['ru', 200],
] as const)(
  'what is said in %s with %i words is heard as it was made, and nothing is lost',
  async ([language, count]) => {
    await isHeardAsMade(language, count, { isPatient: true });
  },
);
