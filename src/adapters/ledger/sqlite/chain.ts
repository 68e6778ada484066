import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A place in the ledger; position 0 is before the first event. */
export interface Link {
  readonly position: number;
  /** 64 hex digits that stand for every event up to there, however they were committed. */
  readonly hash: string;
}

export const START: Link = { position: 0, hash: '0'.repeat(64) };

/** Small enough that the events after the last seal are soon hashed again when a ledger is opened. */
export const EVENTS_PER_SEAL = 64;
/** Handing each event to the hash by itself would take longer than hashing it. */
const GATHERED_CHARACTERS = 64 * 1024;

/**
 * All of an event, a line for each part. No part can hold a line feed (JSON escapes them, names may not have them),
 * so two different events never give the same text.
 */
export function eventText(
  position: number,
  stream: string,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
): string {
  return `${position}\n${id}\n${stream}\n${revision}\n${type}\n${data}\n${metadata}\n`;
}

/**
 * What is kept with an event and finds it damaged on every read. It is no match for somebody who knows how; that is
 * what the chain is for.
 */
export function checksumOf(text: string): number {
  return crc32(text);
}

/**
 * SHA-256 over the seal before and every event since. Each 64th event keeps its hash as a seal, from which the chain
 * can be taken up again.
 */
export class Chain {
  #seal: Link;
  #position: number;
  #hash: ReturnType<typeof createHash>;
  #gathered = '';

  /** @param seal the start, or a seal that is kept */
  constructor(seal: Link) {
    this.#seal = seal;
    this.#position = seal.position;
    this.#hash = createHash('sha256').update(seal.hash);
  }

  get position(): number {
    return this.#position;
  }

  /** The newest seal, or the start. */
  get seal(): Link {
    return this.#seal;
  }

  /** Of the newest event. */
  get link(): Link {
    if (this.#position === this.#seal.position) return this.#seal;
    this.#hand();
    return { position: this.#position, hash: this.#hash.copy().digest('hex') };
  }

  /** @returns the seal that is due with this event, in hex; null with most events */
  add(text: string): string | null {
    this.#position++;
    this.#gathered += text;
    if (this.#gathered.length > GATHERED_CHARACTERS) this.#hand();
    if (this.#position % EVENTS_PER_SEAL !== 0) return null;
    this.#seal = this.link;
    this.#hash = createHash('sha256').update(this.#seal.hash);
    return this.#seal.hash;
  }

  #hand(): void {
    this.#hash.update(this.#gathered);
    this.#gathered = '';
  }
}

/** Of the last seal at or before a position. */
export function sealedPosition(position: number): number {
  return position - (position % EVENTS_PER_SEAL);
}
