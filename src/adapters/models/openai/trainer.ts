import type OpenAI from 'openai';
import { shorten } from '../../../domain/identifiers.ts';
import type {
  Log,
  StopReason,
  Trainer,
  TrainingEstimate,
  TrainingOrder,
  TrainingUpdate,
  Vault,
} from '../../../domain/ports.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { checkDataset } from './dataset-check.ts';
import { Endpoint, type EndpointOptions } from './endpoint.ts';
import { faultOf, refusalOf } from './endpoint-fault.ts';
import { chooseTraining } from './hyperparameters.ts';
import { followJob } from './job-following.ts';
import { findServerJob, inDoubt } from './job-lookup.ts';
import { JobMaking } from './job-making.ts';
import { Prices, type PriceTable } from './prices.ts';
import { hasEnded, ServerJob } from './server-job.ts';
import { realTime, type Time } from './time.ts';
import { readUploadedFiles } from './uploaded-files.ts';

export interface OpenAiTrainerOptions {
  /** What the trainer is called: `openai`, or as the endpoint is named. */
  readonly name: string;
  readonly endpoint: EndpointOptions;
  readonly vault: Vault;
  /** Where files wait to be uploaded; only this program writes there. */
  readonly directory: string;
  /** The model that answers before any other was promoted. */
  readonly model: string;
  /** The model that training starts from. */
  readonly baseModel: string;
  /** What names of models end with, from 1 to 64 characters; made from the job where it is null. */
  readonly suffix: string | null;
  /** The most that an example may have. */
  readonly exampleTokens: number;
  readonly pollMs: number;
  readonly patienceMs: number;
  readonly prices: PriceTable;
  readonly currency: string;
  readonly log?: Log;
  readonly time?: Time;
}

type JobOnServer = Pick<TrainingOrder, 'job' | 'known'>;

/** Where the server does not say, as OpenAI chooses for most datasets. */
const USUAL_EPOCHS = 3;
/** In milliseconds. */
const DELAYS_OF_CANCELLING = [0, 2_000, 6_000, 12_000];

/**
 * Trains on a server by OpenAI's fine-tuning jobs. A job costs money, so none is asked for before the server said
 * that there is none for this order yet.
 */
export function createOpenAiTrainer(options: OpenAiTrainerOptions) {
  const training = new OpenAiTraining(options);
  return {
    name: options.name,
    baseModel: options.model,
    trainsFrom: options.baseModel,
    formats: ['sft', 'dpo'],
    holdsOut: true,
    isRemote: true,
    train: (order, signal) => training.train(order, signal),
    estimate: (order) => training.estimate(order),
    cancel: (order) => training.cancel(order),
    pause: (order) => training.turn(order, 'pause'),
    resume: (order) => training.turn(order, 'resume'),
  } satisfies Trainer;
}

class OpenAiTraining {
  readonly #options: OpenAiTrainerOptions;
  readonly #endpoint: Endpoint;
  readonly #prices: Prices;
  readonly #time: Time;

  constructor(options: OpenAiTrainerOptions) {
    this.#options = options;
    this.#endpoint = new Endpoint(options.endpoint);
    this.#prices = new Prices(options.prices, options.currency);
    this.#time = options.time ?? realTime;
  }

  async *train(order: TrainingOrder, signal: AbortSignal): AsyncGenerator<TrainingUpdate, void> {
    const making = new JobMaking(
      { ...this.#options, endpoint: this.#endpoint, time: this.#time },
      order,
      signal,
    );
    let reference = order.known.reference;
    let ended = false;
    try {
      reference ??= yield* making.make();
      if (reference === null || signal.aborted) return;
      yield { kind: 'started', reference };
      const end = yield* this.#follow(reference, order, signal);
      if (end === null) return;
      ended = true;
      yield end;
    } catch (error) {
      if (signal.aborted) return;
      yield { kind: 'failed', reason: this.#reasonOf(error) };
    } finally {
      const stop: StopReason | undefined = signal.aborted ? signal.reason : undefined;
      reference ??= making.reference;
      if (!ended && stop === 'cancelled' && (reference !== null || making.mayExist)) {
        await this.#cancelQuietly(order.job, { file: making.uploaded, reference });
      }
    }
  }

  async estimate(order: Pick<TrainingOrder, 'dataset' | 'hyperparameters'>): Promise<TrainingEstimate> {
    const { vault, exampleTokens, baseModel } = this.#options;
    const { method, epochs: asked } = chooseTraining(order);
    const { trained, heldOut, estimateTokens } = await checkDataset(vault, order.dataset, exampleTokens);
    const epochs = asked ?? USUAL_EPOCHS;
    const tokens = (await estimateTokens()) * epochs;
    return {
      baseModel,
      method: method.type,
      examples: { trained, heldOut },
      epochs,
      tokens,
      cost: this.#prices.ofTraining(baseModel, tokens),
    };
  }

  /** Nothing happens where the server has no such job, or it has ended. */
  async cancel(order: JobOnServer): Promise<void> {
    await this.#end(order);
  }

  /** @returns whether the server had the job. @throws Refusal */
  async #end(order: JobOnServer): Promise<boolean> {
    const reference = await this.#referenceOf(order);
    if (reference === null) return false;
    try {
      await this.#ask(({ jobs }, signal) => jobs.cancel(reference, { signal }));
    } catch (error) {
      const fault = faultOf(error, this.#endpoint);
      const isOver =
        fault?.kind === 'not_found' || (fault?.kind === 'refused' && (await this.#hasEnded(reference)));
      if (!isOver) throw this.#refusal(error);
    }
    return true;
  }

  async #hasEnded(reference: string): Promise<boolean> {
    try {
      const seen = await this.#ask(({ jobs }, signal) => jobs.retrieve(reference, { signal }));
      return hasEnded(ServerJob.parse(seen));
    } catch (error) {
      throw this.#refusal(error);
    }
  }

  async turn(order: JobOnServer, turn: 'pause' | 'resume'): Promise<void> {
    const reference = await this.#referenceOf(order);
    if (reference === null) throw new Refusal(({ openai }) => openai.training.notStarted);
    try {
      await this.#ask(({ jobs }, signal) => jobs[turn](reference, { signal }));
    } catch (error) {
      throw this.#refusal(error);
    }
  }

  #ask(call: (fineTuning: OpenAI.FineTuning, signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
    const { signal } = new AbortController();
    return this.#endpoint.ask(signal, ({ fineTuning }, within) => call(fineTuning, within));
  }

  async *#follow(
    reference: string,
    { job }: TrainingOrder,
    signal: AbortSignal,
  ): AsyncGenerator<TrainingUpdate, Extract<TrainingUpdate, { kind: 'succeeded' | 'failed' }> | null> {
    const { pollMs, patienceMs, baseModel, log } = this.#options;
    const onTrouble = (sentence: string) =>
      log?.warn('a training job cannot be looked at', { job, reference, reason: sentence });
    const end = yield* followJob(
      { endpoint: this.#endpoint, time: this.#time, pollMs, patienceMs, onTrouble },
      reference,
      signal,
    );
    if (end?.kind !== 'succeeded') return end;
    const { model, loss, tokens } = end;
    const cost = this.#prices.ofTraining(baseModel, tokens);
    return { kind: 'succeeded', model, artifact: null, loss, trainedTokens: tokens, cost };
  }

  async #referenceOf({ job, known }: JobOnServer): Promise<string | null> {
    if (known.reference !== null) return known.reference;
    try {
      const files = readUploadedFiles(known.file);
      const found = await findServerJob(this.#endpoint, { job, files }, new AbortController().signal);
      if (found.kind === 'unknown') throw inDoubt(this.#endpoint, job);
      return found.kind === 'found' ? found.job.id : null;
    } catch (error) {
      throw this.#refusal(error);
    }
  }

  /**
   * It is recorded as cancelled already, so only the operator can be told where that fails. A job whose making was
   * not confirmed may appear in the server's list a little later.
   */
  async #cancelQuietly(job: string, known: TrainingOrder['known']): Promise<void> {
    const { signal } = new AbortController();
    let failure: unknown = null;
    for (const delay of DELAYS_OF_CANCELLING) {
      await this.#time.pause(delay, signal);
      try {
        failure = null;
        if (await this.#end({ job, known })) return;
      } catch (error) {
        failure = error;
      }
    }
    if (failure === null) return;
    const words = { host: this.#endpoint.host, job: known.reference ?? shorten(job) };
    const { message } = new Refusal(({ openai }) => openai.training.cannotEnd(words));
    this.#options.log?.warn('a cancelled training job may go on', {
      job,
      reference: known.reference,
      reason: `${message} ${this.#reasonOf(failure)}`,
    });
  }

  #refusal(error: unknown): Refusal {
    return refusalOf(error, this.#endpoint);
  }

  #reasonOf(error: unknown): string {
    if (error instanceof Refusal || faultOf(error, this.#endpoint) !== null)
      return this.#refusal(error).message;
    return this.#endpoint.quote(error instanceof Error ? error.message : String(error));
  }
}
