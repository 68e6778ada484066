import type { Readable, Writable } from 'node:stream';
import { jsonForm, plainForm } from './forms.ts';
import { Output } from './output.ts';
import { conversePiped } from './piped.ts';
import type { Listening } from './reply.ts';
import { converseAtTerminal } from './terminal.ts';

export interface ConsoleOptions extends Listening {
  /** One JSON object a line. */
  readonly json: boolean;
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean };
  /** Fires to leave: no new line is taken, and one that is being carried out is given a moment. */
  readonly signal: AbortSignal;
}

/**
 * Talks until the input ends, the person leaves or the signal fires.
 * @throws where the output cannot be written for another reason than that its reader has left
 */
export async function runConsole({ json, ...options }: ConsoleOptions): Promise<void> {
  const { input, output } = options;
  if (!json && input.isTTY === true && output.isTTY === true) return converseAtTerminal(options);
  const writer = new Output(output);
  await conversePiped({ ...options, output: writer, form: json ? jsonForm : plainForm });
  if (writer.failure !== null) throw writer.failure;
}
