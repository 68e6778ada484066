import canonicalize from 'canonicalize';
import type { Scratch, Vault } from '../domain/ports.ts';

/** In UTF-16 units: of what is kept in memory before it goes into a scratch file. */
const KEPT_LENGTH = 262_144;

/** Lines of a dataset that stand in one file line after line. */
interface Stretch {
  readonly kind: 'lines';
  /** Of the dataset, from 1. */
  readonly line: number;
  readonly path: string;
  readonly sourceLine: number;
  count: number;
}

/**
 * Where each line of a dataset comes from, as the lines of its manifest. There may be as many stretches as lines, so
 * only a few are held in memory.
 */
export class SourceStretches {
  readonly #vault: Pick<Vault, 'scratch'>;
  #last: Stretch | undefined;
  #kept = '';
  #scratch: Scratch | undefined;

  constructor(vault: Pick<Vault, 'scratch'>) {
    this.#vault = vault;
  }

  /** The next line of the dataset, and where it stands. */
  add(line: number, path: string, sourceLine: number): void {
    const last = this.#last;
    if (last?.path === path && last.sourceLine + last.count === sourceLine) {
      last.count++;
      return;
    }
    this.#keepLast();
    this.#last = { kind: 'lines', line, path, sourceLine, count: 1 };
  }

  /** To be called now and then, as nothing can be put away while it is added. */
  async putAway(): Promise<void> {
    if (this.#kept.length < KEPT_LENGTH) return;
    this.#scratch ??= await this.#vault.scratch();
    await this.#scratch.append(Buffer.from(this.#kept));
    this.#kept = '';
  }

  /** All of them, once the last line was added. */
  async *encoded(): AsyncGenerator<Uint8Array> {
    this.#keepLast();
    if (this.#scratch !== undefined) yield* this.#scratch.read();
    yield Buffer.from(this.#kept);
  }

  async discard(): Promise<void> {
    await this.#scratch?.discard();
  }

  #keepLast(): void {
    if (this.#last !== undefined) this.#kept += `${canonicalize(this.#last)}\n`;
    this.#last = undefined;
  }
}
