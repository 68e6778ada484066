import { EmbeddedFault } from './embedded-fault.ts';

/** Bytes that are no text in UTF-8. */
export class NotUtf8 extends EmbeddedFault {
  override readonly name = 'NotUtf8';

  constructor() {
    super({ kind: 'notUtf8' });
  }
}

/**
 * The lines of a UTF-8 text, without their line feeds; nothing but a line feed ends a line.
 * @throws NotUtf8
 */
export async function* linesOf(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<string> {
  for await (const lines of lineBatchesOf(content)) yield* lines;
}

/**
 * Likewise, but all those at once that end in a piece of the content: a hundred thousand steps of a generator take
 * longer than what is done with most lines.
 * @throws NotUtf8
 */
export async function* lineBatchesOf(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<readonly string[]> {
  const decode = strictDecoder();
  let open: string[] = [];
  for await (const chunk of content) {
    const lines = decode(chunk).split('\n');
    open.push(lines.pop() ?? '');
    if (lines.length === 0) continue;
    const last = open.pop() ?? '';
    lines[0] = [...open, lines[0]].join('');
    open = [last];
    yield lines;
  }
  open.push(decode());
  const last = open.join('');
  if (last !== '') yield [last];
}

/** Takes the bytes a piece at a time, and nothing at the end. */
function strictDecoder(): (piece?: Uint8Array) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (piece) => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch {
      throw new NotUtf8();
    }
  };
}
