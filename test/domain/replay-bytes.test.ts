import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { fixedHashes } from './fixed-story.ts';

/** If one of these changes, the datasets of the past can no longer be built again with the same SHA-256. */
const pinned = {
  'sft dataset': 'f6dc502fa6145c0dbfbc5a81a65044688a996508b3f413b936aa6c41525ab738',
  'sft manifest': 'd56a5f6ad2d359965bfe0768dddeff7b0341c229bbc2c631a4758169550a5e58',
  'dpo dataset': 'eefba79fa7f4841ffb87d96acc72e5968c6b30439ce3b1e2f6a38145b13dc577',
  'dpo manifest': '7d2b77f23bff8da71f9c093d92f4bb229c8c63a1d56ae7bcaaab8fac9018fb59',
  'kto dataset': '96e357c4cb2f19046ed13946089fabbd2c268981d2c0a754ad251d9df352155f',
  'kto manifest': '30773c6ad0318fe320ad3e52c79de79abc797dc163f650f5af11a3936384a649',
};

it('builds the same bytes as ever', () => {
  expect(fixedHashes()).toEqual(pinned);
});

it.each([
  ['Pacific/Kiritimati', 'tr_TR.UTF-8', 'tr-TR'],
  ['America/St_Johns', 'ar_EG.UTF-8', 'ar-EG'],
])('builds the same bytes in %s with the locale %s', async (timeZone, LC_ALL, locale) => {
  const script = `
    import { fixedHashes } from ${JSON.stringify(new URL('./fixed-story.ts', import.meta.url))};
    const { timeZone, locale } = new Intl.DateTimeFormat().resolvedOptions();
    console.log(JSON.stringify({ timeZone, locale, hashes: fixedHashes() }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, TZ: timeZone, LC_ALL, LANG: LC_ALL },
  });
  expect(JSON.parse(stdout)).toEqual({ timeZone, locale, hashes: pinned });
});
