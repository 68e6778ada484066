import { renameSync } from 'node:fs';

/** Puts a link in the place of a directory and takes it away again, for ever, as fast as it can. */
const [directory = '', link = '', aside = ''] = process.argv.slice(2);
console.log('swapping');
for (;;) {
  renameSync(directory, aside);
  renameSync(link, directory);
  renameSync(directory, link);
  renameSync(aside, directory);
}
