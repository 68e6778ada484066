/**
 * The lines of a UTF-8 text, without their line feeds; nothing but a line feed ends a line.
 * @throws TypeError where the bytes are not UTF-8
 */
export async function* linesOf(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let open: string[] = [];
  for await (const chunk of content) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    open.push(first);
    for (const other of others) {
      yield open.join('');
      open = [other];
    }
  }
  open.push(decoder.decode());
  const last = open.join('');
  if (last !== '') yield last;
}
