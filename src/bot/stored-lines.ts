import { Pieces } from './pieces.ts';

/** Lines as UTF-8 in pieces of a size that files are written well in. */
export async function* encodeLines(
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<Uint8Array> {
  const pieces = new Pieces();
  for await (const line of lines) {
    pieces.add(line);
    if (pieces.isFull) yield pieces.take();
  }
  const rest = pieces.take();
  if (rest.length > 0) yield rest;
}

/** The lines of UTF-8 bytes, without their line feeds. */
export async function* decodeLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
