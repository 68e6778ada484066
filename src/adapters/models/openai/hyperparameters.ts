import type OpenAI from 'openai';
import { z } from 'zod';
import type { TrainingOrder } from '../../../domain/ports.ts';
import type { InWords } from '../../../domain/refusal.ts';
import { Refusal } from '../../../domain/refusal.ts';

export type Method = 'supervised' | 'dpo';

export interface TrainingChoices {
  readonly method: NonNullable<OpenAI.FineTuning.JobCreateParams['method']>;
  readonly seed: number;
  /** Null where the server chooses. */
  readonly epochs: number | null;
}

interface Hyperparameter {
  readonly schema: z.ZodType<number>;
  readonly allowed: InWords;
}

const MAX_SEED = 2 ** 31 - 1;
const MAX_EPOCHS = 50;
const MAX_BATCH = 256;
const MAX_BETA = 2;

const learning: Readonly<
  Record<'n_epochs' | 'batch_size' | 'learning_rate_multiplier' | 'beta', Hyperparameter>
> = {
  n_epochs: whole(1, MAX_EPOCHS),
  batch_size: whole(1, MAX_BATCH),
  learning_rate_multiplier: {
    schema: z.coerce.number().positive(),
    allowed: ({ openai }) => openai.hyperparameters.allowed.positive,
  },
  beta: {
    schema: z.coerce.number().positive().max(MAX_BETA),
    allowed: ({ openai }) => openai.hyperparameters.allowed.positiveUpTo(MAX_BETA),
  },
};
const seedOf: Hyperparameter = {
  schema: z.coerce.number().int().min(0).max(MAX_SEED),
  allowed: ({ openai }) => openai.hyperparameters.allowed.seed(MAX_SEED),
};

/**
 * What is asked of the server. The seed comes from the dataset where nobody chose one, so that the same dataset is
 * trained on in the same way.
 * @throws Refusal
 */
export function chooseTraining({
  dataset,
  hyperparameters,
}: Pick<TrainingOrder, 'dataset' | 'hyperparameters'>): TrainingChoices {
  const method = methodOf(dataset);
  const names = (['n_epochs', 'batch_size', 'learning_rate_multiplier', 'beta'] as const).filter(
    (name) => method === 'dpo' || name !== 'beta',
  );
  const known: readonly string[] = [...names, 'seed'];
  const strange = Object.keys(hyperparameters).find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new Refusal(({ openai }) => openai.hyperparameters.unknown({ name: strange, known }));
  }
  const asked = Object.fromEntries(
    names.map((name) => [name, choiceOf(name, hyperparameters[name], learning[name])] as const),
  );
  const seed = hyperparameters.seed;
  return {
    method: { type: method, [method]: { hyperparameters: asked } },
    seed: seed === undefined ? Number.parseInt(dataset.sha256.slice(0, 7), 16) : parse('seed', seed, seedOf),
    epochs: asked.n_epochs === 'auto' ? null : (asked.n_epochs ?? null),
  };
}

/** @throws Refusal */
export function methodOf({ sha256, format }: TrainingOrder['dataset']): Method {
  switch (format) {
    case 'sft':
      return 'supervised';
    case 'dpo':
      return 'dpo';
    case 'kto':
      throw new Refusal(({ openai }) => openai.dataset.format({ dataset: sha256.slice(0, 8), format }));
  }
}

function whole(least: number, most: number): Hyperparameter {
  return {
    schema: z.coerce.number().int().min(least).max(most),
    allowed: ({ openai }) => openai.hyperparameters.allowed.whole({ least, most }),
  };
}

function choiceOf(name: string, value: string | number | undefined, kind: Hyperparameter): 'auto' | number {
  return value === undefined || value === 'auto' ? 'auto' : parse(name, value, kind);
}

function parse(name: string, value: string | number, { schema, allowed }: Hyperparameter): number {
  // An empty text would be coerced to 0.
  const parsed = schema.safeParse(value === '' ? Number.NaN : value);
  if (parsed.success) return parsed.data;
  throw new Refusal((words) =>
    words.openai.hyperparameters.wrong({ name, value: String(value), allowed: allowed(words) }),
  );
}
