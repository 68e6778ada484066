import { shorten } from '../../../domain/identifiers.ts';
import type { ChatModel, Prediction, Question, Vault } from '../../../domain/ports.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { LoadedModels } from './loaded-models.ts';
import { BASE_MODEL, modelFileOf } from './model-id.ts';

/** Loaded models take several times the size of their files in memory. */
const MAX_LOADED_BYTES = 128 * 2 ** 20;

export interface EmbeddedModelOptions {
  readonly vault: Vault;
  /** What commands start with, where people are told to use one. */
  readonly commandPrefix?: string;
  /** Of the model files that stay loaded together; the one that answers is loaded whatever its size. */
  readonly maxLoadedBytes?: number;
}

/**
 * Answers with what was learned for the nearest prompt and says which example that was, or abstains. It works
 * in a thread of its own, which keeps no process alive and ends when the model is disposed of.
 *
 * @see Memory for what counts as near
 */
export function createEmbeddedModel({
  vault,
  commandPrefix = '!',
  maxLoadedBytes = MAX_LOADED_BYTES,
}: EmbeddedModelOptions): ChatModel & AsyncDisposable {
  const loaded = new LoadedModels(vault, maxLoadedBytes);
  const abstention: Prediction = {
    text: `I have not learned an answer to that. Teach me one with ${commandPrefix}correct last <better answer> and then ${commandPrefix}retrain.`,
    abstained: true,
    learnedFrom: null,
    tokens: null,
  };

  const answer = async ({ model, messages }: Question): Promise<Prediction> => {
    if (model === BASE_MODEL) return abstention;
    const sha256 = modelFileOf(model);
    if (sha256 === null || !(await vault.has(sha256))) {
      throw new Refusal(
        `There is no model ${shorten(model)}; ${commandPrefix}models lists those that can answer.`,
      );
    }
    try {
      const recollection = await loaded.recall(sha256, messages);
      if (recollection === null) return abstention;
      const { completion, learnedFrom } = recollection;
      return { text: completion, abstained: false, learnedFrom, tokens: null };
    } catch (error) {
      throw refusalFor(error, model);
    }
  };

  return {
    answer: (question) => unlessAborted(question.signal, () => answer(question)),
    [Symbol.asyncDispose]: () => loaded.close(),
  };
}

function refusalFor(error: unknown, model: string): Refusal {
  if (error instanceof Refusal) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new Refusal(
    `The model ${shorten(model)} cannot answer because ${reason}; train it again or promote another one.`,
  );
}

/** Leaves the work behind when the signal fires. @throws the signal's reason */
async function unlessAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal === undefined) return work();
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
