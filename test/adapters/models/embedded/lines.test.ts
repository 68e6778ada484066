import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf, NotUtf8 } from '../../../../src/adapters/models/embedded/lines.ts';

async function read(...pieces: readonly Uint8Array[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(pieces)) lines.push(line);
  return lines;
}

describe('the lines of a file', () => {
  it('end at line feeds and nowhere else, wherever the pieces end', async () => {
    const text = fc.array(fc.constantFrom('a', '\n', '\r', '\u2028', '\u2029', 'é', '🙂', '\uFEFF'));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 5 }), async (characters, size) => {
        const content = characters.join('');
        const bytes = new TextEncoder().encode(content);
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        const expected = content.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(await read(...pieces)).toEqual(expected);
      }),
    );
  });

  it('are refused where they are not UTF-8', async () => {
    await expect(read(Uint8Array.of(0x61, 0xff))).rejects.toThrow(NotUtf8);
    await expect(read(Uint8Array.of(0x61, 0xc3))).rejects.toThrow(NotUtf8);
  });
});
