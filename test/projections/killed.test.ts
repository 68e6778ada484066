import { test } from 'vitest';
import { killWhileFollowing, killWhileRebuilding } from './killed.ts';

test('no event is skipped, taken twice or out of order, wherever the process is killed', async () => {
  await killWhileFollowing(2, 1_500);
}, 60_000);

test('the old rows stay whole wherever a rebuild is killed, and its leftovers go', async () => {
  await killWhileRebuilding(1, 1_500);
}, 60_000);
