import { expect, test } from 'vitest';
import { isHeardAsMade } from './heard-as-made.ts';

test.for(['en', 'ru'] as const)(
  'what is said in %s is heard as it was made',
  // The code of two programs is compiled first, which takes long on a busy machine.
  { timeout: 60_000 },
  async (language) => {
    const packets = await isHeardAsMade(language, 5, { isPatient: true });
    expect(packets.length).toBeGreaterThan(50);
  },
);
