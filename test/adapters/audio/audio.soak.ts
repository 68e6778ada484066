import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ClosableSoundDecoder,
  createSoundDecoder,
} from '../../../src/adapters/audio/decoding/sound-decoder.ts';
import { createVoice } from '../../../src/adapters/audio/voice.ts';
import { english } from '../../../src/domain/languages/english/english.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { type Kind, kinds, SoundFiles, sourceFile } from './sound-files.ts';

const CONVERSIONS = 1_000;
const STUCK_EVERY = 200;
const MOST_GROWTH_MEGABYTES = 300;
/** No file is decoded in it. */
const TOO_SHORT_SECONDS = 0.005;

const files = new SoundFiles();
let decoder: ClosableSoundDecoder;
/** Takes longer than it may. */
let impatient: ClosableSoundDecoder;
const good = new Map<Kind, Uint8Array>();
const bad = new Map<string, Uint8Array>();

beforeAll(async () => {
  const limits = { mostMegabytes: 20, mostSeconds: 600, threads: 2, mostWaiting: 20 };
  decoder = createSoundDecoder({ ...limits, timeLimitSeconds: 60 });
  impatient = createSoundDecoder({ ...limits, timeLimitSeconds: TOO_SHORT_SECONDS });
  for (const kind of Object.keys(kinds) as Kind[]) good.set(kind, await files.make(kind, 2));
  for (const kind of ['memo.m4a', 'plain.wav', 'browser.webm', 'lossless.flac'] as const) {
    const whole = good.get(kind) ?? new Uint8Array(0);
    bad.set(`cut ${kind}`, whole.subarray(0, Math.floor(whole.length * 0.5)));
  }
  bad.set('encrypted.m4a', await files.encrypted());
  bad.set('text.mp3', new TextEncoder().encode('This is a text.\n'.repeat(1_000)));
  bad.set('empty.ogg', new Uint8Array(0));
  bad.set('noise.ogg', createHash('shake256', { outputLength: 30_000 }).update('noise').digest());
}, 300_000);

afterAll(async () => {
  await Promise.all([decoder.close(), impatient.close(), files.close()]);
});

async function outcomeOf(path: string, content: Uint8Array): Promise<string> {
  try {
    const { wav } = await decoder.decode(sourceFile(path, content));
    return createHash('sha256').update(wav).digest('hex');
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

describe('a thousand files, good and bad', () => {
  it('each come out as the first of their kind, and memory stays', async () => {
    const all = [...good, ...bad];
    const firsts = new Map<string, string>();
    let settled = 0;
    for (let count = 0; count < CONVERSIONS; count += 1) {
      const [path, content] = all[count % all.length] ?? ['', new Uint8Array(0)];
      const outcome = await outcomeOf(path, content);
      expect(outcome, `${path}, ${count}`).toBe(firsts.get(path) ?? outcome);
      firsts.set(path, outcome);
      if (count === CONVERSIONS / 4) settled = process.memoryUsage().rss;
      if (count % STUCK_EVERY === STUCK_EVERY - 1) await endsTheStuck();
    }
    const grown = (process.memoryUsage().rss - settled) / 1_000_000;
    for (const path of good.keys()) expect(firsts.get(path)).toMatch(/^[0-9a-f]{64}$/);
    for (const path of bad.keys()) expect(firsts.get(path)).toMatch(/^The file .*\.$/);
    expect(grown).toBeLessThan(MOST_GROWTH_MEGABYTES);
    console.log(`${CONVERSIONS} conversions; memory grew by ${grown.toFixed(0)} MB after the first quarter`);
  });
});

describe('hundreds of texts', () => {
  it('are all spoken, and memory stays', async () => {
    const voice = createVoice({ engine: 'espeak', mostCharacters: 1_000 });
    const memory: number[] = [];
    for (let count = 0; count < CONVERSIONS / 4; count += 1) {
      let packets = 0;
      const parts = voice.speak(`This is sentence number ${count}. Это предложение ${count}.`, 'ru');
      for await (const part of parts) packets += part.packets.length;
      expect(packets).toBeGreaterThan(100);
      memory.push(process.memoryUsage().rss / 1_000_000);
    }
    await voice.close();
    const grown = growth(memory);
    expect(grown).toBeLessThan(MOST_GROWTH_MEGABYTES);
    console.log(
      `${CONVERSIONS / 4} texts; memory grew by ${grown.toFixed(0)} MB from the second quarter to the last`,
    );
  });
});

/** A thread takes and gives back much at a time, so what is compared is the middle of a quarter. */
function growth(memory: readonly number[]): number {
  const quarter = memory.length / 4;
  const middle = (part: readonly number[]) =>
    part.toSorted((a, b) => a - b)[Math.floor(part.length / 2)] ?? 0;
  return middle(memory.slice(-quarter)) - middle(memory.slice(quarter, 2 * quarter));
}

/** A neighbour goes on beside it. */
async function endsTheStuck(): Promise<void> {
  const stuck = impatient.decode(sourceFile('stuck.ogg', good.get('voice.ogg') ?? new Uint8Array(0)));
  const neighbour = decoder.decode(sourceFile('voice.ogg', good.get('voice.ogg') ?? new Uint8Array(0)));
  await expect(stuck).rejects.toThrow(
    english.sound.files.tooSlow({ file: 'stuck.ogg', seconds: TOO_SHORT_SECONDS }),
  );
  await expect(neighbour).resolves.toMatchObject({ isCut: false });
}
