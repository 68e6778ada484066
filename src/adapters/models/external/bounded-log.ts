import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/**
 * A file of what a program wrote, of which the latest part is kept: when it is full it becomes `<name>.old`, in
 * place of the one before.
 */
export class BoundedLog {
  readonly #path: string;
  readonly #maxBytes: number;
  #file: number | undefined;
  #bytes = 0;

  constructor(path: string, maxBytes: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  /** A log is for people who look for a reason: where it cannot be written, everything else goes on. */
  write(bytes: Uint8Array): void {
    try {
      let file = this.#open();
      if (this.#bytes + bytes.length > this.#maxBytes) {
        this.close();
        renameSync(this.#path, `${this.#path}.old`);
        file = this.#open();
      }
      this.#bytes += bytes.length;
      writeSync(file, bytes);
    } catch {
      // Nothing is left to tell it to.
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(): number {
    if (this.#file === undefined) {
      this.#file = openSync(this.#path, 'a', 0o600);
      this.#bytes = fstatSync(this.#file).size;
    }
    return this.#file;
  }
}
