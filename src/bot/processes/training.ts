import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeEvent, type Recorded, UnreadableEvent } from '../../domain/events.ts';
import type { FoldedStreams } from '../../domain/folded-streams.ts';
import { deriveId, shorten } from '../../domain/identifiers.ts';
import { type JobCommand, type JobEvent, jobDecider } from '../../domain/job.ts';
import { languages, type Words } from '../../domain/languages/languages.ts';
import { handle, LedgerError } from '../../domain/ledger.ts';
import type { StopReason, TrainingOrder, TrainingUpdate } from '../../domain/ports.ts';
import { Refusal } from '../../domain/refusal.ts';
import { streamName } from '../../domain/streams.ts';
import type { JobNotice } from '../../domain/surface.ts';
import { findDataset } from '../../projections/datasets.ts';
import { cancelledJobs, unfinishedJobs } from '../../projections/jobs.ts';
import { settingsOf } from '../../projections/scopes.ts';
import type { JobRow } from '../../projections/tables.ts';
import type { Adapters, Settings } from '../adapters.ts';
import { endElsewhere } from '../job-elsewhere.ts';
import { noticeOf } from '../job-notice.ts';
import { recoverDataset } from '../lost-content.ts';
import { providerNamed } from '../model-providers.ts';
import { Ownership } from './ownership.ts';
import { type Driver, driverOf, eventOfUpdate, type Job, knownOf, unfinished } from './training-job.ts';
import { Turns } from './turns.ts';

interface Needs
  extends Pick<
    Adapters,
    'ledger' | 'clock' | 'readModels' | 'providers' | 'vault' | 'process' | 'reportFault'
  > {
  readonly streams: FoldedStreams;
}

/** Where a place has no language of its own. */
type Default = Pick<Settings, 'language'>;

type Listener = (notice: JobNotice, scope: string) => void;

const RETRY_MS = 1_000;
/** So long after it was cancelled a job is asked after again, at each start. */
const CANCELLED_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * The process manager of training: sees TrainingRequested, drives the trainer, and appends what came of it. The
 * ledger is all that it remembers, so after a crash at any line it takes up every unfinished job again.
 */
export class TrainingProcess {
  readonly #needs: Needs;
  readonly #settings: Default;
  readonly #jobs = new Map<string, Job>();
  readonly #listeners = new Set<{ scope: string | null; listener: Listener }>();
  readonly #closing = new AbortController();
  readonly #turns = new Turns();
  readonly #trainings = new Set<Promise<void>>();
  readonly #ownership: Ownership;
  #following: Promise<void> = Promise.resolve();
  /** How far the ledger has been followed. */
  #seen: string | null = null;
  #moved = Promise.withResolvers<void>();
  /** Why the ledger is not followed any more. */
  #unreadable: UnreadableEvent | null = null;

  private constructor(needs: Needs, settings: Default) {
    this.#needs = needs;
    this.#settings = settings;
    this.#ownership = new Ownership({ ...needs, caughtUp: () => this.#caughtUp() });
  }

  static async start(needs: Needs, settings: Default): Promise<TrainingProcess> {
    const process = new TrainingProcess(needs, settings);
    process.#seen = needs.readModels.head().position;
    for (const row of await unfinishedJobs(needs.readModels.db)) await process.#resume(row);
    void process.#endCancelled().catch(needs.reportFault);
    process.#following = process.#keepFollowing();
    return process;
  }

  /** Of one scope, or of all where it is null. */
  notices(scope: string | null, listener: Listener, signal: AbortSignal): void {
    const entry = { scope, listener };
    this.#listeners.add(entry);
    signal.addEventListener('abort', () => this.#listeners.delete(entry), { once: true });
  }

  /**
   * Resolves when the job has ended and the read models show it; at once where it is not going on, or at the close.
   * @throws UnreadableEvent where the ledger cannot be followed up to then
   */
  async ended(job: string): Promise<void> {
    await this.#caughtUp();
    await this.#jobs.get(job)?.ended.promise;
  }

  async idle(scope: string): Promise<void> {
    await this.#caughtUp();
    for (;;) {
      const unfinished = [...this.#jobs.values()].find((job) => job.scope === scope);
      if (unfinished === undefined) return;
      await unfinished.ended.promise;
    }
  }

  /** Leaves unfinished jobs as they are: the next start takes them up. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const { abort } of this.#jobs.values()) abort.abort('leaving' satisfies StopReason);
    await Promise.all([...this.#trainings, this.#following, this.#ownership.close()]);
    const left = [...this.#jobs.values()];
    this.#jobs.clear();
    for (const { ended } of left) ended.resolve();
  }

  /** What was requested just now may not have been seen yet. */
  async #caughtUp(): Promise<void> {
    const head = await this.#needs.ledger.head();
    while (head !== null && !this.#hasSeen(head) && !this.#closing.signal.aborted) {
      if (this.#unreadable !== null) throw this.#unreadable;
      await this.#moved.promise;
    }
  }

  #hasSeen(position: string): boolean {
    return this.#seen !== null && this.#needs.ledger.compare(this.#seen, position) >= 0;
  }

  #moveTo(position: string | null): void {
    this.#seen = position;
    const { resolve } = this.#moved;
    this.#moved = Promise.withResolvers();
    resolve();
  }

  /** Until it is closed, also where the ledger cannot be read for a while. */
  async #keepFollowing(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        for await (const delivery of this.#needs.ledger.subscribe({ after: this.#seen, signal })) {
          if (delivery.kind === 'caughtUp') continue;
          const { position } = delivery.kind === 'event' ? delivery.event : delivery;
          if (delivery.kind === 'event' && isFollowed(delivery.event.stream)) {
            await this.#see(decodeEvent(delivery.event));
          }
          this.#moveTo(position);
        }
      } catch (error) {
        if (this.#givesUpAfter(error)) return;
      }
      await this.#pause();
    }
    this.#moveTo(this.#seen);
  }

  /** What cannot be read never can: nobody waits any more for what will not be seen, and what runs goes on. */
  #givesUpAfter(error: unknown): boolean {
    if (!(error instanceof LedgerError)) this.#needs.reportFault(error);
    if (!(error instanceof UnreadableEvent)) return false;
    this.#unreadable = error;
    this.#moveTo(this.#seen);
    for (const { ended } of this.#jobs.values()) {
      ended.promise.catch(() => undefined);
      ended.reject(error);
    }
    return true;
  }

  async #see(event: Recorded): Promise<void> {
    this.#ownership.see(event);
    if (!jobDecider.takes(event) || event.type === 'TrainingTaken') return;
    if (event.type === 'TrainingRequested') this.#enqueue(event);
    const job = this.#jobs.get(event.data.job);
    if (job === undefined) {
      if (isEnd(event)) this.#ownership.forget(event.data.job);
      return;
    }
    const notice = noticeOf(event, job.progress, await this.#wordsIn(job.scope));
    job.progress = notice.data.progress;
    const ended = isEnd(event);
    if (ended) await this.#untilShown(event.position);
    for (const { scope, listener } of this.#listeners) {
      if (scope === null || scope === job.scope) listener(notice, job.scope);
    }
    if (ended) {
      this.#jobs.delete(job.id);
      job.isCancelled = event.type === 'TrainingCancelled';
      job.abort.abort('cancelled' satisfies StopReason);
      job.ended.resolve();
    }
  }

  async #wordsIn(scope: string): Promise<Words> {
    // A notice in another language is better than none.
    const settings = await settingsOf(this.#needs.readModels.db, scope).catch(() => null);
    return languages[settings?.locale ?? this.#settings.language];
  }

  /** Until the read models show what stands up to a position, also where they cannot be written for a while. */
  async #untilShown(position: string): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        return await this.#needs.readModels.caughtUpWith(position);
      } catch (error) {
        if (!(error instanceof Refusal)) return this.#needs.reportFault(error);
        await this.#pause();
      }
    }
  }

  #pause(): Promise<void> {
    return delay(RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => {});
  }

  async #resume({ scope, id }: JobRow): Promise<void> {
    let request: Recorded<'TrainingRequested'> | undefined;
    for await (const event of this.#eventsOf({ scope, id })) {
      this.#ownership.see(event);
      if (event.type === 'TrainingRequested') request = event;
    }
    if (request !== undefined) this.#enqueue(request);
  }

  async *#eventsOf({ scope, id }: Pick<Job, 'scope' | 'id'>): AsyncGenerator<Recorded> {
    for await (const stored of this.#needs.ledger.readStream(streamName(scope, 'job', id))) {
      yield decodeEvent(stored);
    }
  }

  /** A job whose trainer is not set up any more is left as it is: it may have been paid for, and be set up again. */
  #enqueue(request: Recorded<'TrainingRequested'>): void {
    const trainer = providerNamed(this.#needs, request.data.trainer)?.trainer;
    if (trainer === undefined || this.#jobs.has(request.data.job)) return;
    const job = unfinished(request, trainer);
    this.#jobs.set(job.id, job);
    const training = this.#train(job)
      .catch(this.#needs.reportFault)
      .finally(() => {
        this.#ownership.forget(job.id);
        this.#trainings.delete(training);
      });
    this.#trainings.add(training);
  }

  /** Whenever this process drives the job, until it has ended or the program leaves. */
  async #train(job: Job): Promise<void> {
    const { signal } = job.abort;
    while (!signal.aborted) {
      const lost = new AbortController();
      const isOurs = await this.#ownership
        .take(job, signal, () => lost.abort('leaving' satisfies StopReason))
        .then(
          () => true,
          (error: unknown) => {
            if (!signal.aborted) throw error;
            return this.#ownership.isOurs(job.id);
          },
        );
      if (!isOurs) return job.isCancelled ? this.#endOrphaned(job) : undefined;
      let isElsewhere = false;
      await this.#turns.take(job.trainer, async () => {
        isElsewhere = await this.#drive(job, AbortSignal.any([signal, lost.signal]));
      });
      if (!isElsewhere && !lost.signal.aborted) return;
    }
  }

  /** Whoever drove a job that is cancelled ends it elsewhere, but where that process is dead. */
  async #endOrphaned(job: Job): Promise<void> {
    const { signal } = this.#closing;
    const isOrphaned = await this.#ownership.isOrphaned(job.id, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return false;
    });
    if (isOrphaned) await this.#endElsewhere(job);
  }

  /** @returns whether another process was found to drive it now */
  async #drive(job: Job, signal: AbortSignal): Promise<boolean> {
    if (this.#closing.signal.aborted) return false;
    try {
      if (job.abort.signal.aborted) {
        await this.#endElsewhere(job);
        return false;
      }
      const order = await this.#orderOf(job);
      for await (const update of job.trainer.train(order, signal)) {
        if (signal.aborted) return false;
        const driver = await this.#record(job, update);
        if (driver === 'another process') return true;
        // The trainer is told how it was ended before it is left.
        if (driver === 'nobody' && !isLast(update)) await untilAborted(signal);
      }
    } catch (error) {
      if (signal.aborted) return false;
      const reason = error instanceof Error ? error.message : String(error);
      return (await this.#record(job, { kind: 'failed', reason })) === 'another process';
    }
    return false;
  }

  /** A kill between recording a cancellation and carrying it out leaves jobs that go on elsewhere. */
  async #endCancelled(): Promise<void> {
    const since = new Date(this.#needs.clock.now().getTime() - CANCELLED_DAYS * DAY_MS).toISOString();
    const rows = await cancelledJobs(this.#needs.readModels.db, since);
    // An endpoint that does not answer keeps no other one waiting.
    const byTrainer = [...Map.groupBy(rows, ({ trainer }) => trainer)];
    await Promise.all(byTrainer.map(([trainer, ofTrainer]) => this.#endAllElsewhere(trainer, ofTrainer)));
  }

  async #endAllElsewhere(name: string, rows: readonly JobRow[]): Promise<void> {
    const trainer = providerNamed(this.#needs, name)?.trainer;
    if (trainer?.cancel === undefined) return;
    for (const row of rows) {
      if (this.#closing.signal.aborted) return;
      await endElsewhere(trainer, row).catch(this.#needs.reportFault);
    }
  }

  /** Of a job that was cancelled before its turn came, after a restart, something may go on elsewhere. */
  async #endElsewhere(job: Job): Promise<void> {
    await job.trainer.cancel?.({ job: job.id, known: await this.#knownOf(job) });
  }

  async #orderOf({ id, scope, trainer, dataset, hyperparameters }: Job): Promise<TrainingOrder> {
    const row = await findDataset(this.#needs.readModels.db, scope, dataset);
    if (row === undefined) throw new Refusal(({ intake }) => intake.unknown(shorten(dataset)));
    await recoverDataset(this.#needs, row);
    const { id: sha256, bytes, format, examples, manifest } = row;
    const known = await this.#knownOf({ id, scope, trainer });
    return { job: id, dataset: { sha256, bytes, format, examples, manifest }, hyperparameters, known };
  }

  #knownOf(job: Pick<Job, 'scope' | 'id' | 'trainer'>): Promise<TrainingOrder['known']> {
    return knownOf(this.#eventsOf(job), job.trainer, this.#needs.process.id);
  }

  /** A trainer's result must not be lost to a disk that is full for a while. @returns who drives it, by the ledger */
  async #record(job: Job, update: TrainingUpdate): Promise<Driver> {
    const event = eventOfUpdate(job, update);
    const commandId = deriveId(job.id, event.type, JSON.stringify(event.data));
    const command: JobCommand = { kind: 'record', process: this.#needs.process.id, event };
    while (!this.#closing.signal.aborted) {
      try {
        const { events } = await handle(
          this.#needs,
          streamName(job.scope, 'job', job.id),
          jobDecider,
          command,
          { ...job.cause, commandId },
        );
        // What is said again may have been known before another process took the job: before it is paid for, it is asked.
        const isNews = events.length > 0 && update.kind !== 'uploaded';
        return isNews ? 'this process' : await driverOf(this.#eventsOf(job), this.#needs.process.id);
      } catch (error) {
        if (!(error instanceof LedgerError) || error.fault.kind !== 'unavailable') throw error;
        await this.#pause();
      }
    }
    return 'nobody';
  }
}

function isLast({ kind }: TrainingUpdate): boolean {
  return kind === 'succeeded' || kind === 'failed';
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

function isFollowed(stream: string): boolean {
  return stream.includes('.job-') || stream.includes('.process-');
}

function isEnd(event: JobEvent): boolean {
  return ['TrainingSucceeded', 'TrainingFailed', 'TrainingCancelled'].includes(event.type);
}
