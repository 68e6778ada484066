import { counted } from './counted.ts';

interface What {
  readonly job: string;
  readonly trainer: string;
  readonly dataset: string;
  readonly examples: number;
  readonly format: string;
  /** In the words of `outcomes`. */
  readonly outcome: string;
}

interface Estimate {
  readonly trainer: string;
  readonly baseModel: string;
  readonly method: string;
  readonly trained: number;
  readonly heldOut: number;
  readonly epochs: number;
  readonly tokens: number;
  readonly cost: string | null;
}

interface Step {
  readonly step: number;
  readonly total: number;
  readonly loss: number | null;
}

/** Training jobs, and what becomes of them. Ids come as they are to be shown. */
export const jobs = {
  none: (prefix: string) => `There is no training job yet; ${prefix}retrain starts one.`,
  what: ({ job, trainer, dataset, examples, format, outcome }: What) =>
    `job ${job}: ${trainer} on dataset ${dataset} (${counted(examples, 'example')}, ${format}), ${outcome}`,
  outcomes: {
    requested: 'waiting for the trainer',
    running: ({ step, total, loss }: Step) => `running, step ${step} of ${total}${withLoss(loss)}`,
    succeeded: ({ model, loss, cost }: { model: string; loss: number | null; cost: string | null }) =>
      `succeeded with model ${model}${withLoss(loss)}${cost === null ? '' : `, cost ${cost}`}`,
    failed: (reason: string) => `failed: ${reason}`,
    cancelled: 'cancelled',
  },
  requestedBy: ({ what, who, when }: { what: string; who: string; when: string }) =>
    `${what}; requested by ${who} at ${when}`,
  started: ({
    job,
    dataset,
    examples,
    format,
    sha256,
  }: Omit<What, 'trainer' | 'outcome'> & { sha256: string }) =>
    `Job ${job} trains on ${counted(examples, 'example')} of dataset ${dataset} (${format}, SHA-256 ${sha256}).`,
  cannotTrainOn: ({
    trainer,
    format,
    formats,
  }: {
    trainer: string;
    format: string;
    formats: readonly string[];
  }) => `The trainer ${trainer} does not train on ${format} datasets; it takes ${formats.join(', ')}.`,
  cancelled: (job: string) => `Job ${job} is cancelled.`,
  paused: (job: string) => `Job ${job} is paused; !resume lets it go on.`,
  resumed: (job: string) => `Job ${job} goes on.`,
  cannotPause: (trainer: string) => `The trainer ${trainer} cannot pause a job; !cancel ends it.`,
  /** What a training will take. Costs come as they are to be shown; null where nobody knows. */
  estimate: ({ trainer, baseModel, method, trained, heldOut, epochs, tokens, cost }: Estimate) =>
    `The trainer ${trainer} would train ${baseModel} (${method}) on ${counted(trained, 'example')}${heldOut === 0 ? '' : `, with ${heldOut} more held out`}: about ${counted(tokens, 'token')} in ${counted(epochs, 'epoch')}, ${cost === null ? 'at a price that the operator has not set' : `for about ${cost}`}.`,
  confirm: (command: string) => `Nothing has been started; ${command} starts it.`,
  /** Where the same estimate was confirmed a second time. */
  confirmedBefore: ({ job, dataset }: { job: string; dataset: string }) =>
    `That was confirmed before, as job ${job}, so nothing was started; !train ${dataset} shows what another training takes.`,
  noHyperparameters: (trainer: string) => `The trainer ${trainer} takes no hyperparameters; leave them out.`,
  notHyperparameters: (most: number) =>
    `it must be pairs such as batch_size=8 with spaces between them, each once and at most ${most}`,
  /** What people are told while it goes on. */
  notices: {
    requested: (job: string) => `Job ${job} is waiting for the trainer.`,
    uploaded: (job: string) => `Job ${job} has uploaded its training file.`,
    running: (job: string) => `Job ${job} is training.`,
    progressed: ({ job, step, total, loss }: Step & { job: string }) =>
      `Job ${job} is at step ${step} of ${total}${withLoss(loss)}.`,
    succeeded: ({ job, model }: { job: string; model: string }) =>
      `Job ${job} succeeded and gave the model ${model}; !promote lets it answer.`,
    failed: ({ job, reason }: { job: string; reason: string }) => `Job ${job} failed: ${reason}`,
    cancelled: (job: string) => `Job ${job} was cancelled.`,
  },
};

function withLoss(loss: number | null): string {
  return loss === null ? '' : `, loss ${loss.toFixed(4)}`;
}
