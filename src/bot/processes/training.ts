import { setTimeout as delay } from 'node:timers/promises';
import { decodeEvent, type Recorded, UnreadableEvent } from '../../domain/events.ts';
import type { FoldedStreams } from '../../domain/folded-streams.ts';
import { deriveId, shorten } from '../../domain/identifiers.ts';
import { type JobCommand, type JobEvent, jobDecider } from '../../domain/job.ts';
import { languages, type Words } from '../../domain/languages/languages.ts';
import { type Cause, handle, LedgerError } from '../../domain/ledger.ts';
import type { StopReason, Trainer, TrainingOrder, TrainingUpdate } from '../../domain/ports.ts';
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

/** What the process knows of a job that has not ended. */
interface Job {
  readonly id: string;
  readonly scope: string;
  readonly trainer: Trainer;
  readonly cause: Omit<Cause, 'commandId'>;
  readonly dataset: string;
  readonly hyperparameters: TrainingOrder['hyperparameters'];
  readonly abort: AbortController;
  /** Settles once everybody can see that the job has ended. */
  readonly ended: PromiseWithResolvers<void>;
  progress: number;
}

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
      if (!isOurs) return;
      await this.#turns.take(job.trainer, () => this.#drive(job, AbortSignal.any([signal, lost.signal])));
      if (!lost.signal.aborted) return;
    }
  }

  async #drive(job: Job, signal: AbortSignal): Promise<void> {
    if (this.#closing.signal.aborted) return;
    try {
      if (job.abort.signal.aborted) return await this.#endElsewhere(job);
      const order = await this.#orderOf(job);
      for await (const update of job.trainer.train(order, signal)) {
        if (signal.aborted) return;
        await this.#record(job, update);
      }
    } catch (error) {
      if (signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      await this.#record(job, { kind: 'failed', reason });
    }
  }

  /** A kill between recording a cancellation and carrying it out leaves jobs that go on elsewhere. */
  async #endCancelled(): Promise<void> {
    const since = new Date(this.#needs.clock.now().getTime() - CANCELLED_DAYS * DAY_MS).toISOString();
    for (const row of await cancelledJobs(this.#needs.readModels.db, since)) {
      const trainer = providerNamed(this.#needs, row.trainer)?.trainer;
      if (trainer?.cancel === undefined || this.#closing.signal.aborted) continue;
      await endElsewhere(trainer, row).catch(this.#needs.reportFault);
    }
  }

  /** Of a job that was cancelled before its turn came, after a restart, something may go on elsewhere. */
  async #endElsewhere(job: Job): Promise<void> {
    await job.trainer.cancel?.({ job: job.id, known: await this.#knownOf(job) });
  }

  async #orderOf({ id, scope, dataset, hyperparameters }: Job): Promise<TrainingOrder> {
    const row = await findDataset(this.#needs.readModels.db, scope, dataset);
    if (row === undefined) throw new Refusal(({ intake }) => intake.unknown(shorten(dataset)));
    await recoverDataset(this.#needs, row);
    const { id: sha256, bytes, format, examples, manifest } = row;
    const known = await this.#knownOf({ id, scope });
    return { job: id, dataset: { sha256, bytes, format, examples, manifest }, hyperparameters, known };
  }

  /** What came of it so far, also where another process has driven it until now. */
  async #knownOf(job: Pick<Job, 'scope' | 'id'>): Promise<TrainingOrder['known']> {
    let known: TrainingOrder['known'] = { file: null, reference: null };
    for await (const event of this.#eventsOf(job)) {
      if (event.type === 'TrainingFileUploaded') known = { ...known, file: event.data.file };
      if (event.type === 'TrainingStarted') known = { ...known, reference: event.data.reference };
    }
    return known;
  }

  /** A trainer's result must not be lost to a disk that is full for a while. */
  async #record(job: Job, update: TrainingUpdate): Promise<void> {
    const event = eventOfUpdate(job, update);
    const commandId = deriveId(job.id, event.type, JSON.stringify(event.data));
    const command: JobCommand = { kind: 'record', process: this.#needs.process.id, event };
    while (!this.#closing.signal.aborted) {
      try {
        await handle(this.#needs, streamName(job.scope, 'job', job.id), jobDecider, command, {
          ...job.cause,
          commandId,
        });
        return;
      } catch (error) {
        if (!(error instanceof LedgerError) || error.fault.kind !== 'unavailable') throw error;
        await this.#pause();
      }
    }
  }
}

function eventOfUpdate(job: Job, update: TrainingUpdate): Extract<JobCommand, { kind: 'record' }>['event'] {
  switch (update.kind) {
    case 'uploaded':
      return { type: 'TrainingFileUploaded', data: { job: job.id, file: update.file } };
    case 'started':
      return { type: 'TrainingStarted', data: { job: job.id, reference: update.reference } };
    case 'progressed': {
      const { step, total, loss, evaluationLoss = null, learningRate = null } = update;
      const figures = { step, total, loss, evaluationLoss, learningRate };
      return { type: 'TrainingProgressed', data: { job: job.id, ...figures } };
    }
    case 'succeeded': {
      const { model, artifact, loss, trainedTokens = null, cost = null } = update;
      const made = { model, dataset: job.dataset, artifact, loss, trainedTokens, cost };
      return { type: 'TrainingSucceeded', data: { job: job.id, ...made } };
    }
    case 'failed':
      return { type: 'TrainingFailed', data: { job: job.id, reason: update.reason } };
  }
}

function isFollowed(stream: string): boolean {
  return stream.includes('.job-') || stream.includes('.process-');
}

function isEnd(event: JobEvent): boolean {
  return ['TrainingSucceeded', 'TrainingFailed', 'TrainingCancelled'].includes(event.type);
}

function unfinished(request: Recorded<'TrainingRequested'>, trainer: Trainer): Job {
  const { data, metadata, id: causationId } = request;
  const { scope, channel, origin, correlationId } = metadata;
  return {
    id: data.job,
    scope,
    trainer,
    cause: { actor: `trainer:${trainer.name}`, scope, channel, origin, causationId, correlationId },
    dataset: data.dataset,
    hyperparameters: data.hyperparameters,
    abort: new AbortController(),
    ended: Promise.withResolvers(),
    progress: 0,
  };
}
