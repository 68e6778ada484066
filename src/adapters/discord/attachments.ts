import type { Words } from '../../domain/languages/languages.ts';
import type { SourceFile } from '../../domain/ports.ts';
import { Refusal } from '../../domain/refusal.ts';
import { shownFileName } from './attachment-name.ts';

/** As Discord describes what came with a message or a command. */
export interface DescribedAttachment {
  readonly name: string;
  readonly url: string;
  readonly size: number;
}

export interface AttachmentOptions {
  /** The only place that anything is fetched from, however a message describes a file. */
  readonly cdnUrl: string;
  readonly limits?: AttachmentLimits;
  /** Ends what is being fetched. */
  readonly signal?: AbortSignal;
}

export interface AttachmentLimits {
  readonly bytes: number;
  /** Until the file begins to arrive, with the connection and its redirects. */
  readonly beginMs: number;
  /** Until it is there. */
  readonly totalMs: number;
}

const MEBIBYTE = 2 ** 20;

export const usualAttachmentLimits: AttachmentLimits = {
  bytes: 64 * MEBIBYTE,
  beginMs: 10_000,
  totalMs: 120_000,
};

const MAX_REDIRECTS = 3;

/** What was attached, each to be fetched when it is read. Reading throws a Refusal with the reason where it cannot be. */
export function attachedFiles(
  attachments: Iterable<DescribedAttachment>,
  options: AttachmentOptions,
): readonly SourceFile[] {
  return Array.from(attachments, (attachment) => {
    const path = shownFileName(attachment.name);
    return { path, bytes: attachment.size, read: () => new Download(path, attachment, options).read() };
  });
}

type Problem = (words: Words['discord']['attachments'], name: string) => string;

/** One fetching of one file. */
class Download {
  readonly #name: string;
  readonly #attachment: DescribedAttachment;
  readonly #cdn: string;
  readonly #limits: AttachmentLimits;
  readonly #slow = new AbortController();
  readonly #signal: AbortSignal;

  constructor(
    name: string,
    attachment: DescribedAttachment,
    { cdnUrl, limits = usualAttachmentLimits, signal }: AttachmentOptions,
  ) {
    this.#name = name;
    this.#attachment = attachment;
    this.#cdn = new URL(cdnUrl).origin;
    this.#limits = limits;
    this.#signal = AbortSignal.any([this.#slow.signal, ...(signal === undefined ? [] : [signal])]);
  }

  async *read(): AsyncGenerator<Uint8Array> {
    this.#checkSize(this.#attachment.size);
    const whole = this.#within(this.#limits.totalMs);
    try {
      const body = await this.#open();
      let bytes = 0;
      // What the headers say about it is not believed: every byte counts as it comes out of whatever it was packed in.
      for await (const piece of body) {
        bytes += piece.length;
        this.#checkSize(bytes);
        yield piece;
      }
      if (bytes !== this.#attachment.size) throw this.#refusal((words, name) => words.incomplete(name));
    } catch (error) {
      throw this.#explained(error);
    } finally {
      clearTimeout(whole);
      this.#slow.abort();
    }
  }

  async #open(): Promise<AsyncIterable<Uint8Array>> {
    const begin = this.#within(this.#limits.beginMs);
    try {
      let url = this.#checkedUrl(this.#attachment.url);
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
        const response = await fetch(url, {
          redirect: 'manual',
          credentials: 'omit',
          headers: { 'accept-encoding': 'identity' },
          signal: this.#signal,
        });
        const location = response.status >= 300 && response.status < 400 && response.headers.get('location');
        if (typeof location !== 'string') return this.#bodyOf(response);
        await response.body?.cancel();
        url = this.#checkedUrl(location, url);
      }
      throw this.#refusal((words, name) => words.unreachable(name));
    } finally {
      clearTimeout(begin);
    }
  }

  #bodyOf({ ok, status, body }: Response): AsyncIterable<Uint8Array> {
    if (ok && body !== null) return body;
    if ([403, 404, 410].includes(status)) throw this.#refusal((words, name) => words.gone(name));
    throw this.#refusal((words, name) => words.unavailable(name, status));
  }

  /** @throws Refusal for any other place than the CDN, and for an address with credentials in it */
  #checkedUrl(address: string, base?: URL): URL {
    const url = URL.parse(address, base?.href);
    if (url === null || url.origin !== this.#cdn || url.username !== '' || url.password !== '') {
      throw this.#refusal((words, name) => words.elsewhere(name));
    }
    return url;
  }

  #checkSize(bytes: number): void {
    if (bytes <= this.#limits.bytes) return;
    throw this.#refusal((words, name) => words.tooLarge(name, Math.floor(this.#limits.bytes / MEBIBYTE)));
  }

  #within(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#slow.abort(new TooSlow()), ms);
  }

  /** What fetching throws is not for people. */
  #explained(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    return this.#slow.signal.reason instanceof TooSlow
      ? this.#refusal((words, name) => words.tooSlow(name))
      : this.#refusal((words, name) => words.unreachable(name));
  }

  #refusal(problem: Problem): Refusal {
    return new Refusal(({ discord }) => problem(discord.attachments, this.#name));
  }
}

class TooSlow extends Error {}
