import { setTimeout as pause } from 'node:timers/promises';
import { DiscordAPIError, RESTJSONErrorCodes } from 'discord.js';
import { shorten } from '../../../domain/identifiers.ts';
import { type Language, languages } from '../../../domain/languages/languages.ts';
import type { Log } from '../../../domain/ports.ts';
import type { Bot, JobStatus } from '../../../domain/surface.ts';
import { isError } from '../own-messages.ts';
import { actionRows } from '../rendering/action-rows.ts';
import type { JobMessageStore } from './job-message-store.ts';
import type { JobPosting, ShownJob } from './job-posting.ts';
import { hasEnded, jobText } from './job-text.ts';
import { drawLossChart } from './loss-chart.ts';
import { Pace } from './pace.ts';

export interface JobMessageTiming {
  /** Before a new job is shown, so that the reply to whoever began it stands above, and a short job is shown once. */
  readonly firstMs: number;
  /** At least, from one edit to the next. */
  readonly betweenMs: number;
}

export interface JobMessageNeeds {
  readonly bot: Pick<Bot, 'jobStatus'>;
  readonly store: JobMessageStore;
  readonly posting: JobPosting;
  readonly languageOf: (scope: string) => Promise<Language>;
  readonly log: Log;
  /** Ms since 1970. */
  readonly now: () => number;
  /** Since when jobs have been listened to, in ms since 1970: older ones may be shown already. */
  readonly since: number;
  readonly timing: JobMessageTiming;
  readonly signal: AbortSignal;
}

const MAX_PAUSE_MS = 60_000;

/** How showing it came out: it goes on, it is to be tried again, or there is nothing more to show. */
type Outcome = 'on' | 'again' | 'over';

/** The one message of a job, from when it is first shown until it shows the job's end. */
export class JobMessage {
  readonly #scope: string;
  readonly #job: string;
  readonly #needs: JobMessageNeeds;
  readonly #pace = new Pace();
  readonly #told = new Set<string>();
  #changed = Promise.withResolvers<void>();
  #heard: Pick<JobStatus, 'state' | 'progress'> | null = null;
  #failures = 0;
  #shown = '';
  /** Discord refused it, so that it is tried once more, at the end. */
  #isHeldBack = false;
  #chart: Promise<Uint8Array | null> | null = null;

  constructor(scope: string, job: string, needs: JobMessageNeeds) {
    this.#scope = scope;
    this.#job = job;
    this.#needs = needs;
  }

  /** There is something new to show. */
  hear({ state, progress }: Pick<JobStatus, 'state' | 'progress'>): void {
    this.#heard = { state, progress };
    this.#changed.resolve();
  }

  /** Until the end is shown or the signal fires; it does not throw. */
  async run(): Promise<void> {
    const { store, timing, signal } = this.#needs;
    const stopped = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    if (store.find(this.#job)?.state === 'heard') await this.#pause(timing.firstMs);
    while (!signal.aborted) {
      this.#changed = Promise.withResolvers();
      const outcome = await this.#show();
      if (outcome === 'over') return;
      if (outcome === 'again') this.#changed.resolve();
      await this.#pause(Math.min(MAX_PAUSE_MS, timing.betweenMs * 2 ** this.#failures));
      await Promise.race([this.#changed.promise, stopped]);
    }
  }

  async #show(): Promise<Outcome> {
    const { bot, languageOf, now, log, signal } = this.#needs;
    try {
      const language = await languageOf(this.#scope);
      const status = await bot.jobStatus(this.#scope, this.#job, language);
      if (status === null) return this.#heard === null ? 'on' : 'again';
      const text = jobText(status, this.#pace.left(status, now()), languages[language]);
      const ended = hasEnded(status);
      const next = this.#isAhead(status) ? 'again' : 'on';
      if (!ended && (this.#isHeldBack || text === this.#shown)) return next;
      const components = actionRows(status.actions);
      const chart = ended ? await this.#chartOf(status, language) : null;
      const outcome = await this.#putOrExplain(status, { text, components, chart }, ended);
      if (outcome === 'over') return outcome;
      this.#shown = text;
      return next;
    } catch (error) {
      if (signal.aborted) return 'over';
      this.#failures += 1;
      if (this.#failures === 1) log.error('a job cannot be shown', error, this.#facts);
      return 'again';
    }
  }

  /** What is told as it happens can be ahead of what can be looked up. */
  #isAhead({ state, progress }: JobStatus): boolean {
    if (this.#heard === null) return false;
    return (state === 'requested' && this.#heard.state === 'running') || progress < this.#heard.progress;
  }

  async #putOrExplain(status: JobStatus, shown: ShownJob, ended: boolean): Promise<Outcome> {
    try {
      await this.#put(status, shown);
    } catch (error) {
      if (shown.chart !== null && isAboutFiles(error)) {
        return this.#putOrExplain(status, { ...shown, chart: null }, ended);
      }
      return this.#failed(error, ended);
    }
    this.#failures = 0;
    if (ended) this.#needs.store.close(this.#job);
    return ended ? 'over' : 'on';
  }

  async #put({ channel, requested }: JobStatus, shown: ShownJob): Promise<void> {
    const { posting, store } = this.#needs;
    const standing = await this.#standing(channel, requested);
    if (standing !== null) return posting.edit(channel, standing, shown);
    store.posting(this.#job);
    const message = await posting.post(channel, this.#job, shown);
    this.#posted(channel, message);
  }

  /** The message as far as one knows. */
  async #standing(channel: string, requested: string): Promise<string | null> {
    const { posting, store, since } = this.#needs;
    const record = store.find(this.#job);
    if (record?.message) return record.message;
    // Asked for before anybody listened, and perhaps shown by a process that lost more than its life.
    const asked = Date.parse(requested);
    if (record?.state !== 'posting' && asked >= since) return null;
    const message = await posting.find(channel, this.#job, asked);
    if (message !== null) this.#posted(channel, message);
    return message;
  }

  #posted(channel: string, message: string): void {
    this.#needs.store.posted(this.#job, message);
    this.#needs.log.info('showing a job', { ...this.#facts, channel, message });
  }

  /** What Discord refuses is told to the operator once; what may come right by itself is tried again. */
  #failed(error: unknown, ended: boolean): Outcome {
    if (!(error instanceof DiscordAPIError) || error.status >= 500 || error.status === 429) throw error;
    const { log, store } = this.#needs;
    const reason = `${error.status} ${error.code}`;
    if (!this.#told.has(reason)) log.warn('a job cannot be shown', { ...this.#facts, ...factsOf(error) });
    this.#told.add(reason);
    const isGone = [RESTJSONErrorCodes.UnknownMessage, RESTJSONErrorCodes.UnknownChannel].some((code) =>
      isError(error, code),
    );
    if (isGone || ended) {
      store.close(this.#job);
      return 'over';
    }
    this.#isHeldBack = true;
    return 'on';
  }

  /** Null where there is nothing to draw, or it cannot be drawn: the result is shown all the same. */
  #chartOf({ losses }: JobStatus, language: Language): Promise<Uint8Array | null> {
    const { chart } = languages[language].discord.training;
    // What was trained again after a restart counts as it came out last.
    const bySteps = new Map(losses.map(({ step, loss }) => [step, loss]));
    const points = [...bySteps].map(([step, loss]) => ({ step, loss })).sort((a, b) => a.step - b.step);
    if (points.length === 0) return Promise.resolve(null);
    const task = {
      points,
      title: chart.title(shorten(this.#job)),
      stepLabel: chart.step,
      lossLabel: chart.loss,
    };
    this.#chart ??= drawLossChart(task).catch((error: unknown) => {
      this.#needs.log.error('the chart of a job cannot be drawn', error, this.#facts);
      return null;
    });
    return this.#chart;
  }

  get #facts(): { readonly job: string; readonly scope: string } {
    return { job: this.#job, scope: this.#scope };
  }

  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#needs.signal }).catch(() => undefined);
  }
}

/** They may not be attached there, or are too large after all. */
function isAboutFiles(error: unknown): boolean {
  return (
    isError(error, RESTJSONErrorCodes.MissingPermissions) ||
    isError(error, RESTJSONErrorCodes.RequestEntityTooLarge) ||
    (error instanceof DiscordAPIError && error.status === 413)
  );
}

function factsOf({ status, code }: DiscordAPIError) {
  return { status, code };
}
