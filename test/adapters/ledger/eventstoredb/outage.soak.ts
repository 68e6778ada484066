import { expect, it } from 'vitest';
import { goThroughOutage } from './outages.ts';

const TEN_MINUTES_MS = 10 * 60_000;

it(
  'acknowledges nothing while the server is away for ten minutes, keeps its memory, and recovers within seconds',
  async () => {
    const { refused, acknowledged, recovery, growth } = await goThroughOutage(TEN_MINUTES_MS);

    expect({ acknowledged, wasTried: refused > 1_000 }).toEqual({ acknowledged: 0, wasTried: true });
    expect(recovery).toBeLessThan(5_000);
    expect(growth).toBeLessThan(30);
  },
  TEN_MINUTES_MS + 120_000,
);
