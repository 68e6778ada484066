import type { z } from 'zod';
import { chosenHyperparameters, Hyperparameters } from './hyperparameters.ts';
import { count, countUpTo, isYes, named, yesOrNo, yesOrNoOr } from './options.ts';
import type { Confirmation, TrainingChoices } from './training-choices.ts';
import { ESTIMATE_ID } from './training-estimate.ts';

const MAX_EPOCHS = 1_000;

/** What an estimate shows instead of yes starts what was estimated, and nothing else. */
const Confirm = yesOrNoOr(ESTIMATE_ID).transform((word): Confirmation => {
  if (ESTIMATE_ID.test(word)) return { kind: 'as estimated', estimate: word };
  return { kind: isYes(word) ? 'whatever it takes' : 'none' };
});

/** How a training is to be, for the commands that start one. */
export const trainingOptions = {
  epochs: named(countUpTo(MAX_EPOCHS).optional(), count(MAX_EPOCHS)),
  hyperparameters: named(Hyperparameters.optional()),
  confirm: named(Confirm.default({ kind: 'none' }), yesOrNo),
};

type Given = Readonly<z.infer<z.ZodObject<typeof trainingOptions>>>;

export function trainingChoices({ confirm: confirmation, ...chosen }: Given): TrainingChoices {
  return { hyperparameters: chosenHyperparameters(chosen), confirmation };
}
