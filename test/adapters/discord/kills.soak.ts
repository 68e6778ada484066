import { expect, it } from 'vitest';
import { Siege } from './kills.ts';

it('killed again and again while people talk, the bot does and answers everything once', async () => {
  let [kills, interrupted] = [0, 0];
  const until = Date.now() + 8 * 60_000;
  while (Date.now() < until) {
    const siege = await Siege.begin();
    for (let times = 0; times < 12; times++, kills++) await siege.kill();
    await siege.end();
    interrupted += siege.interrupted;
    console.log(
      `${kills} kills, ${siege.said} messages in this life, ${interrupted} answers interrupted so far`,
    );
  }
  expect(interrupted).toBeGreaterThan(kills / 2);
});
