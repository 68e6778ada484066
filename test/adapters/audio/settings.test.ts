import { expect, test } from 'vitest';
import { audioSettings } from '../../../src/adapters/audio/settings.ts';
import { usualAttachmentLimits } from '../../../src/adapters/discord/attachments.ts';

/** What OpenAI takes of a recording, in bytes. */
const MOST_WRITTEN_DOWN = 25 * 2 ** 20;
const BYTES_A_SECOND = 2 * 16_000;
const WAV_HEADER = 44;

function most({ schema }: (typeof audioSettings)['soundMostSeconds']): number {
  const allowed = Array.from({ length: 10_000 }, (_, value) => schema.safeParse(String(value)));
  return Math.max(...allowed.flatMap(({ success, data }) => (success ? [data] : [])));
}

test('no more of a recording can be allowed than can be fetched and written down', () => {
  const { soundMostSeconds, soundMostMegabytes } = audioSettings;
  expect(most(soundMostSeconds) * BYTES_A_SECOND + WAV_HEADER).toBeLessThanOrEqual(MOST_WRITTEN_DOWN);
  expect(most(soundMostMegabytes) * 1_000_000).toBeLessThanOrEqual(usualAttachmentLimits.bytes);
});
