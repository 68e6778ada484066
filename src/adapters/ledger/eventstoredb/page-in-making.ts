import type { StoredEvent } from '../../../domain/events.ts';
import type { Page } from '../read-ahead.ts';
import { utf8Text } from '../utf8-text.ts';
import { contentOf, envelopeOf, isOfServer, type RecordedEvent } from './stored-event.ts';

const PAGE_BYTES = 96 * 1024;
/** Of UTF-8, which a UTF-16 unit takes at most. */
const BYTES_PER_UNIT = 3;

/** A page on its way to another thread. */
export interface PageText {
  /** A JSON array of the events, in UTF-8. */
  readonly json: Uint8Array<ArrayBuffer>;
  readonly count: number;
  readonly end: string;
}

/** Events of ours on their way to another thread, in their own bytes: to make texts of them takes as long as to read them. */
export class PageInMaking {
  #bytes = Buffer.allocUnsafeSlow(PAGE_BYTES);
  #length = 0;
  #count = 0;
  #end = '';

  add(recorded: RecordedEvent): void {
    const envelope = envelopeOf(recorded);
    if (isOfServer(envelope)) return;
    const { data, metadata } = contentOf(recorded);
    const before = this.#count === 0 ? '[' : ',';
    // Content that is not JSON makes the page unreadable, and the ordinary reader then names the event.
    this.#write(`${before}${JSON.stringify(envelope).slice(0, -1)},"data":`, data);
    this.#write(',"metadata":', metadata);
    this.#write('}');
    this.#count++;
    this.#end = envelope.position;
  }

  get isFull(): boolean {
    return this.#length >= PAGE_BYTES / 2;
  }

  /** Null where there is nothing in it. */
  take(): PageText | null {
    if (this.#count === 0) return null;
    this.#write(']');
    return { json: this.#bytes.subarray(0, this.#length), count: this.#count, end: this.#end };
  }

  #write(text: string, content?: Uint8Array): void {
    const most = this.#length + BYTES_PER_UNIT * text.length + (content?.length ?? 0);
    if (most > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes.subarray(0, this.#length)], 2 * most);
    }
    this.#length += this.#bytes.write(text, this.#length);
    if (content === undefined) return;
    this.#bytes.set(content, this.#length);
    this.#length += content.length;
  }
}

/** @returns null where it does not hold as many events as it says @throws SyntaxError where it is not JSON */
export function parsePageText({ json, count, end }: PageText): Page<string> | null {
  const events: readonly StoredEvent[] = JSON.parse(utf8Text(json));
  return events.length === count ? { events, end } : null;
}
