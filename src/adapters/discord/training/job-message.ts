import { setTimeout as pause } from 'node:timers/promises';
import { DiscordAPIError, RESTJSONErrorCodes } from 'discord.js';
import { shorten } from '../../../domain/identifiers.ts';
import { type Language, languages } from '../../../domain/languages/languages.ts';
import type { Log } from '../../../domain/ports.ts';
import type { Bot, JobStatus } from '../../../domain/surface.ts';
import { isError } from '../posting.ts';
import { actionRows } from '../rendering/action-rows.ts';
import type { JobMessageRecord, JobMessageStore } from './job-message-store.ts';
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
  #failures = 0;
  #shown = '';
  /** Discord refused it, so that it is tried once more, at the end. */
  #isHeldBack = false;
  /** It may have been posted without our knowing. */
  #mayStand = false;
  #chart: Promise<Uint8Array | null> | null = null;

  constructor(scope: string, job: string, needs: JobMessageNeeds) {
    this.#scope = scope;
    this.#job = job;
    this.#needs = needs;
  }

  /** There is something new to show. */
  touch(): void {
    this.#changed.resolve();
  }

  /** Until the end is shown or the signal fires; it does not throw. */
  async run(): Promise<void> {
    const { store, timing, signal } = this.#needs;
    const stopped = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    this.#mayStand = store.find(this.#job) !== null;
    if (!this.#mayStand) await this.#pause(timing.firstMs);
    while (!signal.aborted) {
      this.#changed = Promise.withResolvers();
      const outcome = await this.#show();
      if (outcome === 'over') return;
      if (outcome === 'again') this.touch();
      await this.#pause(Math.min(MAX_PAUSE_MS, timing.betweenMs * 2 ** this.#failures));
      await Promise.race([this.#changed.promise, stopped]);
    }
  }

  async #show(): Promise<Outcome> {
    const { bot, languageOf, now, log, signal } = this.#needs;
    try {
      const language = await languageOf(this.#scope);
      const status = await bot.jobStatus(this.#scope, this.#job, language);
      if (status === null) return 'on';
      const text = jobText(status, this.#pace.left(status, now()), languages[language]);
      const ended = hasEnded(status);
      if (!ended && (this.#isHeldBack || text === this.#shown)) return 'on';
      const components = actionRows(status.actions);
      const chart = ended ? await this.#chartOf(status, language) : null;
      const outcome = await this.#putOrExplain(status, { text, components, chart }, ended);
      if (outcome === 'on') this.#shown = text;
      return outcome;
    } catch (error) {
      if (signal.aborted) return 'over';
      this.#failures += 1;
      if (this.#failures === 1) log.error('a job cannot be shown', error, this.#facts);
      return 'again';
    }
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

  async #put(status: JobStatus, shown: ShownJob): Promise<void> {
    const { posting } = this.#needs;
    const record = this.#recordOf(status);
    const message = record.message ?? (await this.#findPosted(record));
    if (message === null) {
      this.#mayStand = true;
      this.#posted(record, await posting.post(record.channel, record.job, shown));
      this.#mayStand = false;
    } else {
      await posting.edit(record.channel, message, shown);
    }
  }

  #recordOf({ channel, requested }: JobStatus): JobMessageRecord {
    const { store, now, since } = this.#needs;
    const known = store.find(this.#job);
    if (known !== null) return known;
    const asked = Date.parse(requested);
    if (asked < since) this.#mayStand = true;
    const record = { job: this.#job, scope: this.#scope, channel, at: Math.min(asked, now()) };
    store.begin(record);
    return { ...record, state: 'posting', message: null };
  }

  async #findPosted(record: JobMessageRecord): Promise<string | null> {
    if (!this.#mayStand) return null;
    const message = await this.#needs.posting.find(record.channel, record.job, record.at);
    if (message !== null) this.#posted(record, message);
    return message;
  }

  #posted({ job, channel }: JobMessageRecord, message: string): void {
    this.#needs.store.posted(job, message);
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
