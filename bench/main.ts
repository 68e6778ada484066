import { keepCompiled } from '../src/compile-cache.ts';
import { rows as append } from './append.ts';
import { rows as dataset } from './dataset.ts';
import { rows as discord } from './discord.ts';
import { rows as eventstoredb } from './eventstoredb.ts';
import { rows as history } from './history.ts';
import { rows as openai } from './openai.ts';
import { rows as rebuild } from './rebuild.ts';
import type { BenchRow } from './row.ts';
import { rows as start } from './start.ts';
import { rows as voice } from './voice.ts';

// As the program does: its threads load what was compiled before.
keepCompiled();

const benches: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  append,
  rebuild,
  history,
  start,
  dataset,
  discord,
  openai,
  voice,
  eventstoredb,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}

console.log('| what | reference | measured | goal | met | details |');
console.log('|---|---|---|---|---|---|');
for (const [name, rows] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const { what, reference, ratio, goal, met, details } of await rows()) {
    console.log(
      `| ${what} | ${reference} | ${ratio.toFixed(2)} | ${goal} | ${met ? 'yes' : 'NO'} | ${details} |`,
    );
  }
}
