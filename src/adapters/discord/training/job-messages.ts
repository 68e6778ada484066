import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'discord.js';
import { isDirect } from '../../../domain/direct-messages.ts';
import { type Language, languageOf } from '../../../domain/languages/languages.ts';
import type { Log } from '../../../domain/ports.ts';
import type { Bot, JobNotice } from '../../../domain/surface.ts';
import { JobMessage, type JobMessageNeeds, type JobMessageTiming } from './job-message.ts';
import type { JobMessageStore } from './job-message-store.ts';
import { JobPosting } from './job-posting.ts';

export interface JobMessagesOptions {
  readonly bot: Pick<Bot, 'jobStatus' | 'notices' | 'settingsOf'>;
  readonly store: JobMessageStore;
  /** Where the place has none. */
  readonly language: Language;
  readonly log: Log;
  /** Ms since 1970. */
  readonly now: () => number;
  /** Fires to leave: what is not shown to its end is taken up by the next start. */
  readonly signal: AbortSignal;
  readonly timing?: JobMessageTiming;
}

const usualTiming: JobMessageTiming = { firstMs: 500, betweenMs: 2_500 };

const GRACE_MS = 2_000;
/** Longer than anything that could ask for it again. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** Of the guild, or of one conversation of direct messages: the jobs of other surfaces are not shown here. */
const OUR_SCOPE = /^(dm-)?\d+$/;

/** Shows every training job that was begun on Discord in one message of its channel, which is edited as the job goes on. */
export class JobMessages {
  readonly #options: JobMessagesOptions;
  readonly #since: number;
  readonly #showing = new Map<string, { readonly message: JobMessage; readonly ended: Promise<void> }>();
  #needs: JobMessageNeeds | null = null;
  /** Of several bots with one ledger, one shows the jobs of a place. Before the client is ready nobody knows which. */
  #isHere: (scope: string) => boolean = () => true;

  /** Listens from now on, so that nothing is missed until the client is ready. */
  constructor(options: JobMessagesOptions) {
    const { bot, now, signal } = options;
    this.#options = options;
    this.#since = now();
    bot.notices(null, ({ data }, scope) => this.#hear(scope, data), signal);
  }

  /** Begins to show what was heard of, and what the last run left open. */
  start(client: Client<true>): void {
    const { bot, store, language, log, now, signal, timing = usualTiming } = this.#options;
    this.#needs = {
      bot,
      store,
      posting: new JobPosting(client.rest, client.user.id),
      languageOf: async (scope) => {
        const own = (await bot.settingsOf(scope)).locale;
        return own ?? languageOf(client.guilds.cache.get(scope)?.preferredLocale ?? null) ?? language;
      },
      log,
      now,
      since: this.#since,
      timing,
      signal,
    };
    store.forgetBefore(now() - KEPT_MS);
    this.#isHere = (scope) => isHere(client, scope);
    for (const { scope, job } of store.open()) {
      if (this.#isHere(scope)) this.#begin(scope, job, this.#needs);
      else store.close(job);
    }
  }

  /** Something happened to a job; one that was shown to its end stays as it is. */
  #hear(scope: string, heard: JobNotice['data']): void {
    const { job } = heard;
    const { store, now, signal } = this.#options;
    if (!OUR_SCOPE.test(scope) || !this.#isHere(scope) || signal.aborted) return;
    // On disk at once: a job can be over before it was ever shown.
    store.hear({ job, scope, at: now() });
    if (!this.#showing.has(job) && this.#needs !== null && store.find(job)?.state !== 'closed') {
      this.#begin(scope, job, this.#needs);
    }
    this.#showing.get(job)?.message.hear(heard);
  }

  #begin(scope: string, job: string, needs: JobMessageNeeds): void {
    const message = new JobMessage(scope, job, needs);
    const ended = message.run().finally(() => this.#showing.delete(job));
    this.#showing.set(job, { message, ended });
  }

  /** Resolves soon after the signal, when nothing is being shown any more or Discord has had its moment to answer. */
  async finished(): Promise<void> {
    const all = Promise.all([...this.#showing.values()].map(({ ended }) => ended));
    const over = new AbortController();
    const late = pause(GRACE_MS, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([all, late]);
    over.abort();
  }
}

/** Direct messages come to the first shard. */
function isHere({ guilds, ws }: Client<true>, scope: string): boolean {
  return isDirect(scope) ? ws.shards.has(0) : guilds.cache.has(scope);
}
