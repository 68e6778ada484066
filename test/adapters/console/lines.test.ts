import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InputLine, readLines } from '../../../src/adapters/console/lines.ts';
import { languages } from '../../../src/domain/languages/languages.ts';

async function linesOf(chunks: readonly (string | Uint8Array)[], maxBytes?: number): Promise<InputLine[]> {
  async function* input() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const lines: InputLine[] = [];
  for await (const line of readLines(input(), maxBytes)) lines.push(line);
  return lines;
}

async function textsOf(chunks: readonly (string | Uint8Array)[], maxBytes?: number): Promise<string[]> {
  return (await linesOf(chunks, maxBytes)).map((line) =>
    line.kind === 'line' ? line.text : `refused: ${line.reason(languages.en)}`,
  );
}

describe('lines of input', () => {
  it('are the same however the bytes are cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text))),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (texts, sizes) => {
          const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
          const chunks: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(await textsOf(chunks)).toEqual(texts);
        },
      ),
    );
  });

  it('end with a line feed, with or without a carriage return, and the last one with the input', async () => {
    expect(await textsOf(['one\r\ntwo\n', '\r\n', 'three'])).toEqual(['one', 'two', '', 'three']);
    expect(await textsOf([])).toEqual([]);
  });

  it('keep NUL bytes, byte order marks and every script to the letter', async () => {
    expect(await textsOf(['a\0b\n\u{feff}שלום e\u0301 👩‍🚀\n'])).toEqual([
      'a\0b',
      '\u{feff}שלום e\u0301 👩‍🚀',
    ]);
  });

  it('are refused one by one where they are not UTF-8', async () => {
    const lines = await textsOf(['good\n', Uint8Array.of(0x62, 0xff, 0x64, 0x0a), 'also good\n']);
    expect(lines).toEqual([
      'good',
      'refused: This line is not valid UTF-8, so nothing was done; send it as UTF-8.',
      'also good',
    ]);
  });

  it('are refused where a character is cut off at the end', async () => {
    expect(await textsOf([Uint8Array.of(0x61, 0xe2, 0x82)])).toEqual([
      'refused: This line is not valid UTF-8, so nothing was done; send it as UTF-8.',
    ]);
  });

  it('may be exactly as long as is allowed, and not a byte longer', async () => {
    const mebibyte = 1024 * 1024;
    const longest = 'x'.repeat(mebibyte);
    expect(await textsOf([longest, '\n', longest, 'x\nnext\n'], mebibyte)).toEqual([
      longest,
      'refused: This line is longer than 1 MiB, so nothing was done; send a file instead.',
      'next',
    ]);
  });

  it('are refused before they end, and no more is kept of them', async () => {
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent++;
        yield Buffer.alloc(1024, 'x');
      }
    }
    for await (const line of readLines(endless(), 10 * 1024)) {
      expect(line.kind).toBe('refused');
      break;
    }
    expect(sent).toBe(11);
  });
});
