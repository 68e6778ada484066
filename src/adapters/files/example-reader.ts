import type { ExampleReader, ReadExample, SourceFile } from '../../domain/ports.ts';
import { AnyFormat } from './examples/any-format.ts';

/**
 * Reads chat, prompt and completion, preference and rated examples from JSON Lines, a JSON array or CSV, in
 * UTF-8. Whatever the file holds, memory is bounded by the longest example that is taken (4 MiB).
 */
export function createExampleReader(): ExampleReader {
  return { read };
}

async function* read(source: SourceFile): AsyncGenerator<ReadExample> {
  const format = new AnyFormat(source.path);
  for await (const { buffer, byteOffset, byteLength } of source.read()) {
    for (const example of format.take(Buffer.from(buffer, byteOffset, byteLength))) yield example;
    if (format.ended) return;
  }
  for (const example of format.end()) yield example;
}
