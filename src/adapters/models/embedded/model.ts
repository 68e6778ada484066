import { shorten } from '../../../domain/identifiers.ts';
import { languages } from '../../../domain/languages/languages.ts';
import type { ChatModel, Prediction, Question, Vault } from '../../../domain/ports.ts';
import { type InWords, Refusal } from '../../../domain/refusal.ts';
import { EmbeddedFault, faultInWords } from './embedded-fault.ts';
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
  const abstain = ({ language, prefix = commandPrefix }: Question): Prediction => ({
    text: languages[language].embedded.abstention(prefix),
    abstained: true,
    learnedFrom: null,
    tokens: null,
  });

  const answer = async (question: Question): Promise<Prediction> => {
    const { model, messages, prefix = commandPrefix } = question;
    if (model === BASE_MODEL) return abstain(question);
    const sha256 = modelFileOf(model);
    if (sha256 === null || !(await vault.has(sha256))) {
      throw new Refusal(({ embedded }) => embedded.unknown({ model: shorten(model), prefix }));
    }
    try {
      const recollection = await loaded.recall(sha256, messages);
      if (recollection === null) return abstain(question);
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
  const reason = reasonOf(error);
  return new Refusal((words) => words.embedded.unusable({ model: shorten(model), reason: reason(words) }));
}

/** What is not a fault of the model is told as it comes, in English. */
function reasonOf(error: unknown): InWords {
  if (error instanceof EmbeddedFault) return faultInWords(error.fault);
  const message = error instanceof Error ? error.message : String(error);
  return () => message;
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
