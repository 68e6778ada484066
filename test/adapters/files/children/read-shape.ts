import { createExampleReader } from '../../../../src/adapters/files/example-reader.ts';
import { languages } from '../../../../src/domain/languages/languages.ts';
import type { InWords } from '../../../../src/domain/refusal.ts';
import { mostMebibytes } from './most-memory.ts';
import { contentOf } from './shapes.ts';

/** Reads so many MiB of one shape of file, and prints as JSON what came of it and the most memory it took. */
const [shape = '', mebibytes = ''] = process.argv.slice(2);
const total = Number(mebibytes) * 2 ** 20;

let [examples, reasons] = [0, 0];
/** As many as are shown to people, to be told later. */
const kept: InWords[] = [];
const path = shape.startsWith('CSV') ? 'x.csv' : 'x';
for await (const entry of createExampleReader().read({
  path,
  bytes: total,
  read: () => contentOf(shape, total),
})) {
  if ('example' in entry) {
    examples++;
  } else {
    reasons++;
    if (kept.length < 10_000) kept.push(entry.reason);
  }
}
const told = new Set(kept.map((reason) => reason(languages.ru)));
if (reasons > 0 && told.size === 0) throw new Error('no reason was given');
console.log(JSON.stringify({ examples, reasons, mebibytes: mostMebibytes() }));
