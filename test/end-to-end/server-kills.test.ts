import { it } from 'vitest';
import { killedWhileTraining } from './server-kills.ts';

it('a program that is killed while the server makes its job pays for one, and follows it after its next start', async () => {
  await killedWhileTraining(['POST /fine_tuning/jobs', true]);
});
