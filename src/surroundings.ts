import type { Readable, Writable } from 'node:stream';
import type { Variables } from './settings.ts';

/** What the program has from the process that it runs in, by the names that Node gives to it. */
export interface Surroundings {
  readonly env: Variables;
  /** Where `.env` is looked for. */
  readonly cwd: () => string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly fd?: number };
}
