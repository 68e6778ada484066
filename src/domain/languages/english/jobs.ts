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
    succeeded: ({ model, loss }: { model: string; loss: number | null }) =>
      `succeeded with model ${model}${withLoss(loss)}`,
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
