import { describe, it } from 'vitest';
import { killedWhileCancelling, killedWhileTraining, type Place } from './server-kills.ts';

const places: readonly Place[] = [
  ['GET /fine_tuning/jobs', false],
  ['POST /files', false],
  ['POST /files', true],
  ['POST /fine_tuning/jobs', false],
  ['POST /fine_tuning/jobs', true],
  ['GET /fine_tuning/jobs/:id', false],
  ['GET /fine_tuning/jobs/:id', true],
  ['GET /fine_tuning/jobs/:id/events', true],
  ['GET /fine_tuning/jobs/:id/checkpoints', true],
];

describe('the program, killed while it trains on a server', () => {
  it.each(places)('at %s (done: %s) pays for one job and comes to its end', async (...place) => {
    await killedWhileTraining(place);
  });

  it('between a cancellation and telling the server of it, tells it after the next start', async () => {
    await killedWhileCancelling();
  });
});
