import { on } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { shorten } from '../../../domain/identifiers.ts';
import type { Trainer, TrainingOrder, TrainingUpdate, Vault } from '../../../domain/ports.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { receiveBytes, sendBytes } from './byte-pipe.ts';
import { BASE_MODEL, modelId } from './model-id.ts';
import { TrainingReport, type TrainingTask } from './training-protocol.ts';
import { isOutOfMemory, TRAINING_WORKER } from './worker-threads.ts';

/** Everything that is learned has to fit into memory. */
const MAX_DATASET_BYTES = 256 * 2 ** 20;
/** Less than the thread that answers has, so that what was trained can be loaded. */
const MAX_WORKER_MEGABYTES = 1_536;

/**
 * Makes a model from nothing but a dataset: the same dataset gives the same bytes, so what was begun before a
 * restart is simply made again. It learns in a thread of its own and keeps nothing of a job that was stopped.
 *
 * The loss is the share of the dataset's good and bad answers that the model, as far as it is made, does not
 * follow: it falls from 1, and what is left at the end is where the dataset contradicts itself.
 */
export function createEmbeddedTrainer({ vault }: { readonly vault: Vault }): Trainer {
  return {
    name: 'embedded',
    baseModel: BASE_MODEL,
    formats: ['sft', 'dpo', 'kto'],
    isFree: true,
    // Of few corrections, each is wanted.
    holdsOut: false,
    isReproducible: true,
    takesNoHyperparameters: true,
    train: (order, signal) => train(vault, order, signal),
  };
}

async function* train(
  vault: Vault,
  order: TrainingOrder,
  signal: AbortSignal,
): AsyncGenerator<TrainingUpdate, void> {
  const { dataset } = order;
  if (signal.aborted) return;
  yield { kind: 'started', reference: null };
  if (dataset.bytes > MAX_DATASET_BYTES) return yield { kind: 'failed', reason: tooLarge(dataset.sha256) };
  if (signal.aborted) return;

  const { worker, source, target } = startWorker(order);
  const stop = () => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  const sending = sendBytes(readDataset(vault, dataset.sha256), source).then(
    () => null,
    (unread: unknown) => unread,
  );
  try {
    for await (const [message] of on(worker, 'message', { close: ['exit'] })) {
      const report = TrainingReport.parse(message);
      if (signal.aborted) return;
      if (report.kind === 'progressed') {
        yield report;
        continue;
      }
      if (report.kind === 'failed')
        throw (await sending) ?? new Refusal(unlearnable(dataset.sha256, report.reason));
      const artifact = await vault.put(receiveBytes(target));
      if (!signal.aborted)
        yield { kind: 'succeeded', model: modelId(artifact.sha256), artifact, loss: report.loss };
      return;
    }
    if (!signal.aborted)
      yield { kind: 'failed', reason: 'The training stopped unexpectedly; start it again.' };
  } catch (error) {
    if (!signal.aborted) yield { kind: 'failed', reason: reasonOf(error, dataset.sha256) };
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
    source.close();
    target.close();
    await sending;
  }
}

function startWorker({ dataset }: TrainingOrder) {
  const source = new MessageChannel();
  const target = new MessageChannel();
  const task: TrainingTask = {
    dataset: dataset.sha256,
    format: dataset.format,
    examples: dataset.examples,
    source: source.port2,
    target: target.port2,
  };
  const worker = new Worker(TRAINING_WORKER, {
    workerData: task,
    transferList: [source.port2, target.port2],
    resourceLimits: { maxOldGenerationSizeMb: MAX_WORKER_MEGABYTES },
  });
  // Whoever listens hears of it; once nobody does, it must not end the process.
  worker.on('error', () => {});
  return { worker, source: source.port1, target: target.port1 };
}

async function* readDataset(vault: Vault, sha256: string): AsyncGenerator<Uint8Array> {
  try {
    yield* vault.read(sha256);
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(unreadable(sha256, error));
  }
}

function unreadable(sha256: string, error: unknown): string {
  return `The dataset ${shorten(sha256)} could not be read (${messageOf(error)}); check the disk and train again.`;
}

function unlearnable(sha256: string, reason: string): string {
  return `The dataset ${shorten(sha256)} cannot be learned from because ${reason}; train on another one.`;
}

function tooLarge(sha256: string): string {
  return `The dataset ${shorten(sha256)} is larger than the ${MAX_DATASET_BYTES / 2 ** 20} MiB that the embedded model can learn; train on a smaller one.`;
}

function tooMuch(sha256: string): string {
  return `The dataset ${shorten(sha256)} needs more memory than the embedded model may use; train on a smaller one.`;
}

function reasonOf(error: unknown, sha256: string): string {
  if (error instanceof Refusal) return error.message;
  if (isOutOfMemory(error)) return tooMuch(sha256);
  return `The training on the dataset ${shorten(sha256)} failed (${messageOf(error)}); start it again.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
