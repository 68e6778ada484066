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
  const decode = strictDecoder();
  let open: string[] = [];
  for await (const chunk of content) {
    const [first = '', ...others] = decode(chunk).split('\n');
    open.push(first);
    for (const other of others) {
      yield open.join('');
      open = [other];
    }
  }
  open.push(decode());
  const last = open.join('');
  if (last !== '') yield last;
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
