import { createHmac, hkdfSync } from 'node:crypto';

/**
 * What a server may know a member by: always the same for one, and of no use to find out which. It is a keyed hash
 * of 64 hexadecimal digits, which is the most that the API takes.
 */
export class SafetyIdentifiers {
  readonly #key: Uint8Array;

  /** @param secret the operator's own, or else the key for the server: with another one, identifiers are others */
  constructor(secret: string) {
    this.#key = new Uint8Array(hkdfSync('sha256', secret, '', 'training-ledger safety identifier', 32));
  }

  of(member: string): string {
    return createHmac('sha256', this.#key).update(member).digest('hex');
  }
}
