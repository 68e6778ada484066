import { type REST, Routes } from 'discord.js';

/** What is answered at once needs no indicator. */
const PATIENCE_MS = 300;
/** Discord shows it for 10 s. */
const RENEWAL_MS = 8_000;
const MAX_MS = 5 * 60_000;

interface Shown {
  waiting: number;
  readonly timers: Set<NodeJS.Timeout>;
  request: Promise<unknown> | null;
  readonly abort: AbortController;
}

/** Shows that the bot is typing, once for each channel, however many answers are awaited there. */
export class Typing {
  readonly #rest: REST;
  readonly #channels = new Map<string, Shown>();

  constructor(rest: REST) {
    this.#rest = rest;
  }

  /** @returns ends it; nothing of it is sent any more once that has resolved */
  begin(channel: string): () => Promise<void> {
    const shown = this.#channels.get(channel) ?? this.#show(channel);
    shown.waiting += 1;
    return async () => {
      shown.waiting -= 1;
      if (shown.waiting > 0) return;
      this.#channels.delete(channel);
      for (const timer of shown.timers) clearTimeout(timer);
      if (shown.request === null) return;
      shown.abort.abort();
      await shown.request;
    };
  }

  #show(channel: string): Shown {
    const shown: Shown = { waiting: 0, timers: new Set(), request: null, abort: new AbortController() };
    const send = () => {
      shown.request = this.#rest
        .post(Routes.channelTyping(channel), { signal: shown.abort.signal })
        // An indicator that is not shown is no reason not to answer.
        .catch(() => undefined);
    };
    const begin = () => {
      send();
      const renewal = setInterval(send, RENEWAL_MS);
      shown.timers.add(renewal);
      shown.timers.add(setTimeout(() => clearInterval(renewal), MAX_MS));
    };
    shown.timers.add(setTimeout(begin, PATIENCE_MS));
    this.#channels.set(channel, shown);
    return shown;
  }
}
