import { TextDecoder } from 'node:util';
import { BadLine } from './exported-line.ts';

const LINE_FEED = 0x0a;

/**
 * The lines of a file without their line feeds. Only a line feed ends one: U+2028 and a carriage return may stand in
 * JSON text.
 * @throws BadLine where a line is not UTF-8 or takes more than so many bytes
 */
export async function* linesOf(
  content: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let line = 1;
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const take = (part: Uint8Array) => {
    bytes += part.length;
    if (bytes > maxBytes)
      throw new BadLine(line, `it is longer than the ${maxBytes} bytes that an event may take`);
    parts.push(part);
  };
  const finish = (): string => {
    const text = decode(decoder, Buffer.concat(parts), line);
    line++;
    parts = [];
    bytes = 0;
    return text;
  };
  for await (const chunk of content) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      take(chunk.subarray(start, end));
      yield finish();
      start = end + 1;
    }
    if (start < chunk.length) take(chunk.subarray(start));
  }
  if (bytes > 0) yield finish();
}

function decode(decoder: TextDecoder, bytes: Uint8Array, line: number): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new BadLine(line, 'it is not UTF-8');
  }
}
