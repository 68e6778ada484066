import { expect, it } from 'vitest';
import { Siege } from './kills.ts';

it('killed again and again while people talk, press and choose, the bot does and answers everything once', async () => {
  let [kills, interrupted, wentOn] = [0, 0, 0];
  const until = Date.now() + 8 * 60_000;
  while (Date.now() < until) {
    const siege = await Siege.begin({ clicks: true });
    for (let times = 0; times < 12; times++, kills++) await siege.kill();
    await siege.end();
    interrupted += siege.interrupted;
    wentOn += siege.jobWentOn;
    console.log(
      `${kills} kills, ${siege.said} messages and ${siege.clicked} clicks in this life, ${interrupted} answers interrupted so far; the messages of jobs went on after ${wentOn} kills`,
    );
  }
  expect(interrupted).toBeGreaterThan(kills / 2);
  expect(wentOn).toBeGreaterThan(0);
});
