import { openWorkspace } from '../../../../src/adapters/files/workspace.ts';
import { mostMebibytes } from './most-memory.ts';

/** Archives a directory, and prints as JSON what was written and the most memory it took. */
const [dataDirectory = '', directory = ''] = process.argv.slice(2);
const archive = await openWorkspace(dataDirectory).archive('local', directory);
console.log(JSON.stringify({ ...archive, mebibytes: mostMebibytes() }));
