import type { z } from 'zod';
import { chosenHyperparameters, Hyperparameters } from './hyperparameters.ts';
import { count, countUpTo, named, YesOrNo, yesOrNo } from './options.ts';
import type { TrainingChoices } from './training-choices.ts';

const MAX_EPOCHS = 1_000;

/** How a training is to be, for the commands that start one. */
export const trainingOptions = {
  epochs: named(countUpTo(MAX_EPOCHS).optional(), count(MAX_EPOCHS)),
  hyperparameters: named(Hyperparameters.optional()),
  confirm: named(YesOrNo.default(false), yesOrNo),
};

type Given = Readonly<z.infer<z.ZodObject<typeof trainingOptions>>>;

export function trainingChoices({ confirm, ...chosen }: Given): TrainingChoices {
  return { hyperparameters: chosenHyperparameters(chosen), confirmed: confirm };
}
