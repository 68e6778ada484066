import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLines, encodeLines } from '../../src/bot/stored-lines.ts';

async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function decoded(bytes: Uint8Array, sizes: readonly number[] = [65_536]): Promise<string[]> {
  return all(decodeLines(inPieces(bytes, sizes)));
}

describe('stored lines', () => {
  it('come back as they were stored, however their bytes are cut into pieces', async () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', '\r\u2028'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (lines, sizes) => {
          const pieces = await all(encodeLines(lines.map((text) => `${text}\n`)));
          expect(await decoded(Buffer.concat(pieces), sizes)).toEqual(lines);
        },
      ),
    );
  });

  it('are written in pieces of a good size', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index} ${'€'.repeat(20)}\n`);
    const pieces = await all(encodeLines(lines));
    expect(Buffer.concat(pieces).toString()).toBe(lines.join(''));
    expect(pieces.length).toBeLessThan(10);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(250_000);
  });

  it.each([
    ['', []],
    ['\n', ['']],
    ['a\n\nb', ['a', '', 'b']],
    ['\ufeffa\r\n', ['\ufeffa\r']],
  ])('of %j are %j', async (text, lines) => {
    expect(await decoded(Buffer.from(text))).toEqual(lines);
  });

  it.each([
    ['in the middle', [0x61, 0xff, 0x0a]],
    ['at the end', [0x61, 0xe2, 0x82]],
  ])('are not made up where the bytes are no UTF-8 %s', async (_, bytes) => {
    await expect(decoded(Uint8Array.from(bytes))).rejects.toThrow(TypeError);
  });
});
