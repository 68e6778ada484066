import { readable } from './rendering/readable.ts';
import { MAX_CONTENT, splitText } from './rendering/split-text.ts';

/** Stands at the end of a message whose text still grows. It says so to people, and to a bot that comes back. */
const CURSOR = '▌';
/** More of a text is never shown before it is whole. */
const MOST_READ = 2 * MAX_CONTENT;
const BETWEEN_MS = 1_000;

/** What is shown of a text that still grows: as much as one message holds. Null where there is nothing to show yet. */
export function unfinished(textSoFar: string): string | null {
  const [part] = splitText(readable(textSoFar.slice(0, MOST_READ)), MAX_CONTENT - CURSOR.length - 1);
  return part === undefined ? null : `${part} ${CURSOR}`;
}

export function isUnfinished(content: string): boolean {
  return content.endsWith(CURSOR);
}

/** Puts a content where the reply is to stand. Resolves to whether more of it can be shown. */
export type Show = (content: string) => Promise<boolean>;

/** Answers that are shown while they grow. In a channel where many do, each is shown less often. */
export class GrowingReplies {
  readonly #betweenMs: number;
  readonly #growing = new Map<string, number>();

  /** @param betweenMs at least, from one edit in a channel to the next */
  constructor(betweenMs = BETWEEN_MS) {
    this.#betweenMs = betweenMs;
  }

  begin(channel: string, show: Show): GrowingReply {
    const count = (change: number) => {
      const growing = (this.#growing.get(channel) ?? 0) + change;
      if (growing === 0) this.#growing.delete(channel);
      else this.#growing.set(channel, growing);
    };
    const betweenMs = () => this.#betweenMs * (this.#growing.get(channel) ?? 1);
    return new GrowingReply(show, { betweenMs, begun: () => count(1), ended: () => count(-1) });
  }
}

interface Pacing {
  readonly betweenMs: () => number;
  readonly begun: () => void;
  readonly ended: () => void;
}

/** One answer: its beginning is shown at once, and what comes after that a request at a time. */
export class GrowingReply {
  readonly #show: Show;
  readonly #pacing: Pacing;
  #state: 'silent' | 'growing' | 'over' = 'silent';
  #textSoFar = '';
  #shown: string | null = null;
  /** On the clock of `performance.now`. */
  #shownAt = 0;
  #request: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(show: Show, pacing: Pacing) {
    this.#show = show;
    this.#pacing = pacing;
  }

  readonly onText = (textSoFar: string): void => {
    if (this.#state === 'over') return;
    if (this.#state === 'silent') this.#pacing.begun();
    this.#state = 'growing';
    this.#textSoFar = textSoFar;
    this.#showInTime();
  };

  /** Nothing of it is shown any more once that has resolved. */
  async end(): Promise<void> {
    this.#stop();
    await this.#request;
  }

  #stop(): void {
    if (this.#state === 'growing') this.#pacing.ended();
    this.#state = 'over';
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #showInTime(): void {
    if (this.#request !== null || this.#timer !== null) return;
    const wait = this.#shown === null ? 0 : this.#shownAt + this.#pacing.betweenMs() - performance.now();
    if (wait <= 0) this.#showNow();
    else
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#showNow();
      }, wait);
  }

  #showNow(): void {
    const content = unfinished(this.#textSoFar);
    if (this.#state === 'over' || content === null || content === this.#shown) return;
    this.#shown = content;
    this.#shownAt = performance.now();
    this.#request = this.#show(content)
      // The whole answer is posted all the same.
      .catch(() => false)
      .then((goesOn) => {
        this.#request = null;
        if (!goesOn) this.#stop();
        else if (this.#state === 'growing') this.#showInTime();
      });
  }
}
