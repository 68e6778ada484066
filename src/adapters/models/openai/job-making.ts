import { shorten } from '../../../domain/identifiers.ts';
import type { StopReason, TrainingOrder, TrainingUpdate, Vault } from '../../../domain/ports.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Endpoint } from './endpoint.ts';
import { type EndpointFault, faultOf, leavesDoubt, mayPass } from './endpoint-fault.ts';
import { chooseTraining } from './hyperparameters.ts';
import { findServerJob, inDoubt, JOB_LABEL } from './job-lookup.ts';
import { ServerFile, ServerJob } from './server-job.ts';
import type { Time } from './time.ts';
import { stageFiles } from './training-files.ts';
import { readUploadedFiles, type UploadedFiles, writeUploadedFiles } from './uploaded-files.ts';

export interface Making {
  readonly endpoint: Endpoint;
  readonly vault: Vault;
  readonly directory: string;
  readonly baseModel: string;
  readonly suffix: string | null;
  readonly exampleTokens: number;
  readonly time: Time;
}

const MAX_ATTEMPTS = 4;
/** In milliseconds: how long a job that was asked for may take to appear in the server's list. */
const LIST_DELAYS = [0, 2_000, 6_000, 12_000];
/** In milliseconds: for how long a server is asked whether it made a job. */
const MAX_DOUBT = 10 * 60_000;
const FIRST_PAUSE = 1_000;
const MAX_PAUSE = 60_000;
/** In milliseconds: how long a server may take until a file may be used. */
const MAX_PROCESSING = 2 * 60_000;
const FILE_PAUSE = 2_000;
/** In milliseconds. */
const UPLOAD_TIMEOUT = 15 * 60_000;
const UNFINISHED = ['uploaded', 'pending', 'running', 'processing', 'queued'];

/**
 * Brings an order to the server: its files, and one job. Whenever a job may have been made already, by an earlier
 * life of this program or by a request whose answer was lost, it is looked for before another one is asked for.
 */
export class JobMaking {
  readonly #making: Making;
  readonly #order: TrainingOrder;
  readonly #signal: AbortSignal;
  #files: UploadedFiles | null;
  #uploads = 0;
  /** Whether there may be a job on the server that is not known here. */
  mayExist: boolean;
  /** The job on the server, once it is known. */
  reference: string | null = null;

  constructor(making: Making, order: TrainingOrder, signal: AbortSignal) {
    this.#making = making;
    this.#order = order;
    this.#signal = signal;
    this.#files = readUploadedFiles(order.known.file);
    this.mayExist = order.known.file !== null;
  }

  /** As the ledger keeps it. */
  get uploaded(): string | null {
    return this.#files === null ? null : writeUploadedFiles(this.#files);
  }

  /**
   * @returns the job's id on the server; null where the signal fired
   * @throws Refusal, or what faultOf tells apart
   */
  async *make(): AsyncGenerator<TrainingUpdate, string | null> {
    // What is wrong with the order itself is told before the server is troubled.
    chooseTraining(this.#order);
    let failure: unknown = null;
    for (let attempt = 0; !this.#signal.aborted; attempt++) {
      const found = await this.#find();
      if (found !== null || this.#signal.aborted) return found;
      if (attempt === MAX_ATTEMPTS) throw failure;
      this.#files ??= await this.#upload();
      // Said again each time: whoever has lost the order meanwhile goes on no further, and pays for nothing.
      yield { kind: 'uploaded', file: writeUploadedFiles(this.#files) };
      if (this.#signal.aborted) return null;
      try {
        return await this.#create(this.#files);
      } catch (error) {
        failure = error;
        await this.#consider(error, this.#files, attempt);
      }
    }
    return null;
  }

  /** Whether to try again after the server did not say that it made the job. @throws the error where not */
  async #consider(error: unknown, files: UploadedFiles, attempt: number): Promise<void> {
    const fault = faultOf(error, this.#making.endpoint);
    if (this.#signal.aborted) return;
    if (fault === null) throw error;
    if (await this.#hasVanished(fault, files)) {
      if (this.#uploads > 1) {
        throw new Refusal(({ openai }) => openai.training.fileVanished({ host: this.#making.endpoint.host }));
      }
      this.#files = null;
      return;
    }
    if (!mayPass(fault)) throw error;
    await this.#pauseFor(fault, attempt);
  }

  async #pauseFor(fault: EndpointFault, attempt: number): Promise<void> {
    const asked = fault.kind === 'busy' ? (fault.seconds ?? 0) * 1_000 : 0;
    const wait = Math.min(MAX_PAUSE, Math.max(asked, FIRST_PAUSE * 2 ** attempt));
    await this.#making.time.pause(wait, this.#signal);
  }

  /** The job that was made for this order; null where there is none, or the signal fired. @throws Refusal in doubt */
  async #find(): Promise<string | null> {
    if (!this.mayExist) return this.#look();
    for (const delay of LIST_DELAYS) {
      if (delay > 0) await this.#making.time.pause(delay, this.#signal);
      const found = await this.#lookPatiently();
      if (found !== null || this.#signal.aborted) return found;
    }
    this.mayExist = false;
    return null;
  }

  async #lookPatiently(): Promise<string | null> {
    const { endpoint, time } = this.#making;
    const began = time.now();
    for (let attempt = 0; !this.#signal.aborted; attempt++) {
      try {
        return await this.#look();
      } catch (error) {
        if (this.#signal.aborted) return null;
        const fault = faultOf(error, endpoint);
        if (fault === null) throw error;
        if (!mayPass(fault) || time.now() - began >= MAX_DOUBT) throw this.#inDoubt();
        await this.#pauseFor(fault, attempt);
      }
    }
    return null;
  }

  async #look(): Promise<string | null> {
    const { job } = this.#order;
    const found = await findServerJob(this.#making.endpoint, { job, files: this.#files }, this.#signal);
    if (found.kind === 'unknown' && this.mayExist) throw this.#inDoubt();
    if (found.kind !== 'found') return null;
    this.reference = found.job.id;
    return found.job.id;
  }

  #inDoubt(): Refusal {
    return inDoubt(this.#making.endpoint, this.#order.job);
  }

  async #upload(): Promise<UploadedFiles> {
    this.#uploads++;
    await using staged = await stageFiles(this.#making, this.#order);
    const train = await this.#send(staged.train);
    const validation = staged.validation === null ? null : await this.#send(staged.validation);
    return { train, validation };
  }

  async #send(content: File): Promise<string> {
    const { endpoint, time } = this.#making;
    const signal = this.#signal;
    const body = { file: content, purpose: 'fine-tune' } as const;
    const uploaded = await endpoint.ask(
      signal,
      ({ files }, within) => files.create(body, { signal: within, timeout: UPLOAD_TIMEOUT }),
      { timeoutMs: UPLOAD_TIMEOUT },
    );
    let file = ServerFile.parse(uploaded);
    const began = time.now();
    while (UNFINISHED.includes(file.status ?? '') && time.now() - began < MAX_PROCESSING) {
      await time.pause(FILE_PAUSE, signal);
      file = ServerFile.parse(await this.#retrieveFile(file.id));
    }
    if (file.status === 'error' || file.status === 'failed') {
      const { host } = endpoint;
      const said = endpoint.quote(file.status_details ?? '');
      throw new Refusal(({ openai }) =>
        openai.training.fileUnusable({ host, message: said === '' ? openai.training.withoutReason : said }),
      );
    }
    return file.id;
  }

  /** Never sent twice by the client: each one that arrives is paid for. */
  async #create({ train, validation }: UploadedFiles): Promise<string> {
    const { endpoint, baseModel, suffix } = this.#making;
    const { job, dataset } = this.#order;
    const { method, seed } = chooseTraining(this.#order);
    this.mayExist = true;
    // Whoever cancels has to know what there is to cancel, so that is waited for.
    using leaving = new LeavingSignal(this.#signal);
    try {
      const body = {
        model: baseModel,
        training_file: train,
        ...(validation !== null && { validation_file: validation }),
        suffix: suffix ?? `ledger-${shorten(job)}`,
        seed,
        metadata: { [JOB_LABEL]: job, training_ledger_dataset: dataset.sha256 },
        method,
      };
      const made = await endpoint.ask(
        leaving.signal,
        ({ fineTuning }, within) => fineTuning.jobs.create(body, { signal: within, maxRetries: 0 }),
        { attempts: 1 },
      );
      this.reference = ServerJob.parse(made).id;
      return this.reference;
    } catch (error) {
      const fault = faultOf(error, endpoint);
      if (fault !== null && !leavesDoubt(fault)) this.mayExist = false;
      throw error;
    }
  }

  async #hasVanished(fault: EndpointFault, files: UploadedFiles): Promise<boolean> {
    const isAboutFile =
      fault.kind === 'not_found' ||
      (fault.kind === 'refused' && /training_file|validation_file/.test(`${fault.param} ${fault.message}`)) ||
      (fault.kind === 'refused' && fault.message.includes(files.train));
    if (!isAboutFile) return false;
    const ids = [files.train, ...(files.validation === null ? [] : [files.validation])];
    const vanished = await Promise.all(ids.map((id) => this.#isGone(id)));
    return vanished.includes(true);
  }

  async #isGone(file: string): Promise<boolean> {
    try {
      await this.#retrieveFile(file);
      return false;
    } catch (error) {
      return faultOf(error, this.#making.endpoint)?.kind === 'not_found';
    }
  }

  #retrieveFile(id: string): Promise<unknown> {
    return this.#making.endpoint.ask(this.#signal, ({ files }, within) =>
      files.retrieve(id, { signal: within }),
    );
  }
}

/** Fires only when the program leaves, not when a job is cancelled. */
class LeavingSignal implements Disposable {
  readonly #abort = new AbortController();
  readonly #source: AbortSignal;
  readonly #listener = () => {
    const reason: StopReason = this.#source.reason;
    if (reason === 'leaving') this.#abort.abort(reason);
  };

  constructor(source: AbortSignal) {
    this.#source = source;
    source.addEventListener('abort', this.#listener);
    if (source.aborted) this.#listener();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  [Symbol.dispose](): void {
    this.#source.removeEventListener('abort', this.#listener);
  }
}
