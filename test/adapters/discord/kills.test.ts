import { expect, it } from 'vitest';
import { Siege } from './kills.ts';

it('killed while people talk, the bot does and answers everything once', { timeout: 90_000 }, async () => {
  const siege = await Siege.begin();
  for (let kills = 0; kills < 2; kills++) await siege.kill();
  await siege.end();
  expect(siege.interrupted).toBeGreaterThan(0);
});
