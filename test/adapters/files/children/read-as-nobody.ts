import { openWorkspace } from '../../../../src/adapters/files/workspace.ts';

/** Gives up the rights of root, for which no file is unreadable, and prints what is said of each path. */
const [dataDirectory = '', ...paths] = process.argv.slice(2);
if (process.getuid?.() === 0) process.setuid?.('nobody');
const workspace = openWorkspace(dataDirectory);
const said: string[] = [];
for (const path of paths) {
  const error = await workspace.sources('local', path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  said.push(error instanceof Error ? `${error.name}: ${error.message}` : 'it was read');
}
console.log(JSON.stringify(said));
