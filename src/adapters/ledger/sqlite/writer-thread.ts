import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Appended, LedgerError } from '../../../domain/ledger.ts';
import { encodeAppend } from './append-batch.ts';
import type { LiveHead } from './live-head.ts';
import { type OutcomeBatch, unpackOutcomes } from './outcome-batch.ts';
import type { CheckedAppend, Outcome } from './writer.ts';

export interface AppendMessage {
  readonly kind: 'append';
  /** As `encodeAppend` gives them, one after the other. */
  readonly appends: string;
  readonly count: number;
  /** Whether the next message is about to be sent. */
  readonly hasMore: boolean;
}

export type ToWriter =
  | { readonly kind: 'open'; readonly file: string }
  | AppendMessage
  /** Only when nothing is under way. */
  | { readonly kind: 'close' };

export type FromWriter =
  | { readonly kind: 'opened'; readonly head: number }
  /** In the order of the appends. */
  | { readonly kind: 'outcomes'; readonly outcomes: OutcomeBatch; readonly head: number };

/**
 * So many of one turn are sent first, so that the writer begins with them while more of them are being made, and then
 * twice as many each time: a message costs about as much as to make an append.
 */
const FIRST_APPENDS = 4;
/** Large appends are sent sooner: a text has a limit. */
const CHARACTERS_PER_MESSAGE = 1024 * 1024;
/** So few appends leave this thread with nothing to do until they are on the disk. */
const FEW_APPENDS = 2;
/**
 * In ms, longer than most disks take for a commit: for so long it stays awake to hear of them. To be woken costs the
 * writer and this thread together about a fifth of a commit.
 */
const STAY_AWAKE = 1;
const WORKER = new URL(`./writer-worker${extname(import.meta.filename)}`, import.meta.url);

interface Waiting {
  resolve(appended: Appended): void;
  reject(error: LedgerError): void;
}

/**
 * The writer in a thread of its own, so that a slow disk holds up nothing but appends. What is sent to it is done
 * in the order in which it was sent. Once it has ended, by itself or not, it takes nothing more.
 */
export class WriterThread {
  readonly #worker = new Worker(WORKER);
  /** In the order of the appends that were taken and not answered. */
  readonly #waiting: Waiting[] = [];
  readonly #opened = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #head: LiveHead;
  #outbox = '';
  #inOutbox = 0;
  #sendsAt = FIRST_APPENDS;
  #isFlushDue = false;
  /** When the thread may fall asleep; 0 where it may now. */
  #awakeUntil = 0;
  #state: 'opening' | 'open' | 'closing' | 'ended' = 'opening';
  #failure: Error | null = null;

  /** @param head is moved before the appends resolve that moved it */
  constructor(head: LiveHead) {
    this.#head = head;
    // Where nobody waits for it, a writer that could not open shows itself by the appends that fail.
    this.#opened.promise.catch(() => {});
    this.#worker
      .on('message', (message: FromWriter) => this.#receive(message))
      .on('error', (error) => {
        this.#failure = error instanceof Error ? error : new Error(String(error));
      })
      .on('exit', () => this.#end());
  }

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  open(file: string): Promise<void> {
    this.#send({ kind: 'open', file });
    return this.#opened.promise;
  }

  append(append: CheckedAppend): Promise<Appended> {
    if (this.#state === 'closing' || this.#state === 'ended') {
      return Promise.reject(unavailable('it is closed', 'no'));
    }
    if (!this.#isFlushDue) {
      this.#isFlushDue = true;
      process.nextTick(() => this.#flush());
    }
    this.#outbox += encodeAppend(append);
    this.#inOutbox++;
    const appended = new Promise<Appended>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
    const isFull = this.#inOutbox === this.#sendsAt || this.#outbox.length > CHARACTERS_PER_MESSAGE;
    if (isFull) this.#sendOutbox(true);
    return appended;
  }

  /** Lets the appends that were taken finish. */
  async close(): Promise<void> {
    if (this.#state !== 'ended') {
      this.#flush();
      this.#state = 'closing';
      if (this.#waiting.length === 0) this.#send({ kind: 'close' });
    }
    await this.#ended.promise;
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  /** All that came up in one turn has been made. */
  #flush(): void {
    if (!this.#isFlushDue) return;
    this.#isFlushDue = false;
    this.#sendOutbox(false);
    this.#sendsAt = FIRST_APPENDS;
    if (this.#waiting.length <= FEW_APPENDS) this.#stayAwake();
  }

  /** Goes round the event loop without sleeping, which holds up nobody. */
  #stayAwake(): void {
    const isAwake = this.#awakeUntil > 0;
    this.#awakeUntil = performance.now() + STAY_AWAKE;
    if (!isAwake) setImmediate(() => this.#goRound());
  }

  #goRound(): void {
    if (this.#waiting.length > 0 && performance.now() < this.#awakeUntil) setImmediate(() => this.#goRound());
    else this.#awakeUntil = 0;
  }

  #sendOutbox(hasMore: boolean): void {
    const appends = this.#outbox;
    const count = this.#inOutbox;
    this.#outbox = '';
    this.#inOutbox = 0;
    this.#sendsAt *= 2;
    this.#send({ kind: 'append', appends, count, hasMore });
  }

  #send(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWriter): void {
    this.#head.moveTo(message.head);
    if (message.kind === 'opened') {
      if (this.#state === 'opening') this.#state = 'open';
      this.#opened.resolve();
      return;
    }
    const outcomes = unpackOutcomes(message.outcomes);
    const waiting = this.#waiting.splice(0, outcomes.length);
    for (const [index, outcome] of outcomes.entries()) settle(waiting[index], outcome);
    if (this.#state === 'closing' && this.#waiting.length === 0) this.#send({ kind: 'close' });
  }

  #end(): void {
    const written = this.#state === 'opening' ? 'no' : 'unknown';
    this.#state = 'ended';
    const failure = this.#failure ?? new Error('the writer ended');
    this.#opened.reject(failure);
    for (const { reject } of this.#waiting.splice(0)) reject(unavailable(failure.message, written));
    this.#ended.resolve();
  }
}

function settle(waiting: Waiting | undefined, outcome: Outcome): void {
  if ('kind' in outcome) waiting?.reject(new LedgerError(outcome));
  else waiting?.resolve(outcome);
}

function unavailable(reason: string, written: 'no' | 'unknown'): LedgerError {
  return new LedgerError({ kind: 'unavailable', reason, written });
}
