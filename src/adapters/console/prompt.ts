import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

const HISTORY_SIZE = 500;

/**
 * A line that is edited at the bottom of a terminal, while other text appears above it. What was typed is kept
 * for this session only: on disk it would be a copy of people's words that the ledger does not know of.
 */
export class Prompt {
  readonly #readline: Interface;
  readonly #output: Writable;
  #closed = false;

  constructor(input: Readable, output: Writable) {
    this.#output = output;
    this.#readline = createInterface({
      input,
      output,
      terminal: true,
      historySize: HISTORY_SIZE,
      removeHistoryDuplicates: true,
      prompt: '',
    });
    this.#readline.on('SIGINT', () => this.#readline.close());
    this.#readline.on('close', () => {
      this.#closed = true;
    });
  }

  /** What was entered, until Ctrl-C, Ctrl-D, the end of input or `close`. */
  get lines(): AsyncIterable<string> {
    return this.#readline;
  }

  onClose(listener: () => void): void {
    this.#readline.once('close', listener);
  }

  /** Draws the line anew with this before it. */
  show(prompt: string): void {
    if (this.#closed) return;
    this.#readline.setPrompt(prompt);
    this.#readline.prompt(true);
  }

  /** Writes above the line. `show` must follow. */
  print(text: string): void {
    if (this.#closed) return;
    const { rows } = this.#readline.getCursorPos();
    moveCursor(this.#output, 0, -rows);
    cursorTo(this.#output, 0);
    clearScreenDown(this.#output);
    // Readline moves up by as many rows as the cursor was down when it draws the line again.
    this.#output.write(`${text}\n${'\n'.repeat(rows)}`);
  }

  close(): void {
    if (!this.#closed) this.#readline.close();
  }
}
