import { setTimeout as delay } from 'node:timers/promises';
import type { Decider } from '../../domain/decider.ts';
import type { DomainEvent, Recorded } from '../../domain/events.ts';
import { deriveId } from '../../domain/identifiers.ts';
import { jobDecider } from '../../domain/job.ts';
import { type Cause, type Handled, type Handling, handle, LedgerError } from '../../domain/ledger.ts';
import { processDecider } from '../../domain/process.ts';
import { FLEET_SCOPE, processStream, streamName } from '../../domain/streams.ts';

/** One of the processes that write to a ledger. */
export interface ProcessIdentity {
  /** The same after a restart, and no other process has it at the same time. */
  readonly id: string;
  /** Nobody else writes to the ledger. */
  readonly isAlone: boolean;
  readonly timing: OwnershipTiming;
}

/** In ms. */
export interface OwnershipTiming {
  /** Between two signs of life. */
  readonly beatMs: number;
  /** An owner that could give no sign of life for so long lets go of its jobs. */
  readonly letGoMs: number;
  /** An owner that was not heard of for so long is taken for dead: longer, as others hear of it later than it spoke. */
  readonly lapseMs: number;
}

/** @param lapseMs after how long a silent process is taken for dead */
export function ownershipTiming(lapseMs: number): OwnershipTiming {
  return { beatMs: lapseMs / 6, letGoMs: lapseMs / 2, lapseMs };
}

export interface OwnedJob {
  readonly id: string;
  readonly scope: string;
  readonly cause: Omit<Cause, 'commandId'>;
}

export interface OwnershipNeeds extends Required<Handling> {
  readonly process: ProcessIdentity;
  /** Resolves once `see` was given everything up to the head of the ledger. */
  readonly caughtUp: () => Promise<void>;
  readonly reportFault: (fault: unknown) => void;
  /** In ms, never set back. */
  readonly now?: () => number;
}

/**
 * Which process drives which job, where several share a ledger. A job is taken at the revision of its stream at which
 * it was seen, so of two that try one goes on, and what the other reports is no news. A process that drives jobs is
 * seen in the ledger; when it is seen no longer, others take its jobs, and it lets go of them before that.
 */
export class Ownership {
  readonly #needs: OwnershipNeeds;
  readonly #timing: OwnershipTiming;
  readonly #now: () => number;
  readonly #owners = new Map<string, string>();
  /** When the other processes were last heard of. */
  readonly #heard = new Map<string, number>();
  /** What this process drives, and what to call when it is lost. */
  readonly #own = new Map<string, () => void>();
  readonly #over = new AbortController();
  #beating: Promise<void> | null = null;
  /** When the last sign of life that went through was begun. */
  #lastBeat = 0;
  #tries = 0;
  #changed = Promise.withResolvers<void>();

  constructor(needs: OwnershipNeeds) {
    this.#needs = needs;
    this.#timing = needs.process.timing;
    this.#now = needs.now ?? (() => performance.now());
  }

  /** To be told of everything in the order of the ledger, and of what a job's stream held before. */
  see(event: Recorded): void {
    if (event.type === 'ProcessSeen') this.#heard.set(event.data.process, this.#now());
    if (event.type !== 'TrainingTaken') return;
    const { job, process } = event.data;
    this.#heard.set(process, this.#now());
    this.#owners.set(job, process);
    if (process !== this.#needs.process.id) this.#lose(job);
    this.#notify();
  }

  /** Whether this process drove it last. */
  isOurs(job: string): boolean {
    return this.#owners.get(job) === this.#needs.process.id;
  }

  /**
   * Resolves once it is known whether the process that drove a job is dead, so that it cannot carry out that the job
   * was cancelled just now. One that is heard of for long enough has seen it too.
   * @throws the signal's reason
   */
  async isOrphaned(job: string, signal: AbortSignal): Promise<boolean> {
    const owner = this.#owners.get(job);
    if (owner === undefined || owner === this.#needs.process.id) return false;
    const since = this.#now();
    while (!this.#isFree(job)) {
      if ((this.#heard.get(owner) ?? since) - since > this.#timing.lapseMs) return false;
      await this.#wait(signal);
    }
    return true;
  }

  /** It has ended: nobody drives it any more. */
  forget(job: string): void {
    this.#own.delete(job);
    this.#owners.delete(job);
    this.#notify();
  }

  /**
   * Resolves once this process drives the job.
   * @param lost is called when another one does, or could
   * @throws the signal's reason; LedgerError where the ledger fails for good
   */
  async take(job: OwnedJob, signal: AbortSignal, lost: () => void): Promise<void> {
    while (!(await this.#attempt(job))) await this.#wait(signal);
    signal.throwIfAborted();
    this.#own.set(job.id, lost);
    if (!this.#needs.process.isAlone) this.#beating ??= this.#beat();
  }

  async close(): Promise<void> {
    this.#own.clear();
    this.#over.abort();
    this.#notify();
    await this.#beating;
  }

  async #attempt(job: OwnedJob): Promise<boolean> {
    const { process, caughtUp } = this.#needs;
    if (!this.isOurs(job.id) && !this.#isFree(job.id)) return false;
    // What was not heard of the owner may only not have been read yet.
    await caughtUp();
    if (this.isOurs(job.id)) return this.#isStillOurs(job.id);
    if (!this.#isFree(job.id)) return false;
    const from = this.#owners.get(job.id) ?? null;
    const command = { kind: 'take', job: job.id, process: process.id, from } as const;
    const begun = this.#now();
    const { events } = await this.#tried(
      streamName(job.scope, 'job', job.id),
      jobDecider,
      command,
      job.cause,
    );
    if (events.length === 0) return false;
    this.#owners.set(job.id, process.id);
    this.#lastBeat = begun;
    return true;
  }

  /** Before a restart or a silence it was: others who take it now see the sign first, or have taken it by then. */
  async #isStillOurs(job: string): Promise<boolean> {
    const { process, caughtUp } = this.#needs;
    if (process.isAlone) return true;
    if (!(await this.#giveSign())) return false;
    await caughtUp();
    return this.isOurs(job);
  }

  /** Nothing happened where the ledger is away or others were faster. */
  async #tried<Command, State, Event extends DomainEvent>(
    stream: string,
    decider: Decider<Command, State, Event>,
    command: Command,
    cause: Omit<Cause, 'commandId'>,
  ): Promise<Pick<Handled<Event>, 'events'>> {
    // A process can take the same job from the same other one twice.
    const commandId = deriveId(
      this.#needs.process.id,
      stream,
      this.#needs.clock.now().toISOString(),
      this.#tries++,
    );
    try {
      return await handle(this.#needs, stream, decider, command, { ...cause, commandId });
    } catch (error) {
      if (error instanceof LedgerError && ['unavailable', 'conflict'].includes(error.fault.kind)) {
        return { events: [] };
      }
      throw error;
    }
  }

  #isFree(job: string): boolean {
    const owner = this.#owners.get(job);
    if (owner === undefined || this.#needs.process.isAlone) return true;
    const heard = this.#heard.get(owner) ?? this.#now();
    this.#heard.set(owner, heard);
    return this.#now() - heard > this.#timing.lapseMs;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const over = new AbortController();
    const pause = delay(this.#timing.beatMs, undefined, { signal: AbortSignal.any([signal, over.signal]) });
    try {
      await Promise.race([this.#changed.promise, pause]);
    } finally {
      over.abort();
      await pause.catch(() => undefined);
    }
    signal.throwIfAborted();
  }

  /** Gives signs of life while there is something to drive. */
  async #beat(): Promise<void> {
    const { signal } = this.#over;
    const { beatMs, letGoMs } = this.#timing;
    while (this.#own.size > 0 && !signal.aborted) {
      const sinceBeat = this.#now() - this.#lastBeat;
      if (sinceBeat > letGoMs) this.#letGo();
      else if (sinceBeat >= beatMs) await this.#giveSign();
      await delay(beatMs / 4, undefined, { signal, ref: false }).catch(() => undefined);
    }
    this.#beating = null;
  }

  async #giveSign(): Promise<boolean> {
    const { process, reportFault } = this.#needs;
    const begun = this.#now();
    const command = { kind: 'be seen', process: process.id } as const;
    const cause = {
      actor: `process:${process.id}`,
      scope: FLEET_SCOPE,
      channel: FLEET_SCOPE,
      origin: 'console',
    } as const;
    const sign = this.#tried(processStream(process.id), processDecider, command, cause).then(
      ({ events }) => {
        if (events.length > 0) this.#lastBeat = Math.max(begun, this.#lastBeat);
        return events.length > 0;
      },
      (error: unknown) => {
        reportFault(error);
        return false;
      },
    );
    // A ledger that does not answer is no reason to hold on to the jobs.
    const over = new AbortController();
    const patience = delay(this.#timing.beatMs, false, {
      signal: AbortSignal.any([over.signal, this.#over.signal]),
      ref: false,
    });
    const given = await Promise.race([sign, patience.catch(() => false)]);
    over.abort();
    return given;
  }

  #letGo(): void {
    for (const job of [...this.#own.keys()]) this.#lose(job);
  }

  #lose(job: string): void {
    const lost = this.#own.get(job);
    this.#own.delete(job);
    lost?.();
  }

  #notify(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers();
    resolve();
  }
}
