import type { Log } from '../../../domain/ports.ts';

/** Whether a member has agreed to be heard there, as the ledger knows it. */
export type MayHear = (scope: string, member: string) => boolean | Promise<boolean>;

export interface ConsentsOptions {
  readonly scope: string;
  readonly mayHear: MayHear;
  readonly log: Log;
  /** Somebody has agreed, or has not, or not any more. */
  readonly onKnown: (member: string, agreed: boolean) => void;
}

/**
 * Who has agreed to be heard in one guild, known without waiting: whoever it is not known of has not. Whether to open
 * a packet is decided as it comes in.
 */
export class Consents {
  readonly #options: ConsentsOptions;
  readonly #agreed = new Set<string>();
  /** The latest question about each of whom it is not known yet. */
  readonly #asked = new Map<string, symbol>();

  constructor(options: ConsentsOptions) {
    this.#options = options;
  }

  has(member: string): boolean {
    return this.#agreed.has(member);
  }

  /** Resolves when it is known of them. */
  async learn(members: Iterable<string>): Promise<void> {
    await Promise.all([...members].map((member) => this.#learn(member)));
  }

  /** What somebody has decided just now, which overtakes every answer that is still to come. */
  change(member: string, agreed: boolean): void {
    this.#asked.delete(member);
    if (agreed) this.#agreed.add(member);
    else this.#agreed.delete(member);
    this.#options.onKnown(member, agreed);
  }

  async #learn(member: string): Promise<void> {
    const question = Symbol(member);
    this.#asked.set(member, question);
    const agreed = await this.#ask(member);
    if (this.#asked.get(member) === question) this.change(member, agreed);
  }

  async #ask(member: string): Promise<boolean> {
    const { mayHear, scope, log } = this.#options;
    try {
      return await mayHear(scope, member);
    } catch (error) {
      log.error('whether somebody may be heard', error);
      return false;
    }
  }
}
