import { counted } from './counted.ts';

/** Which model answers. Ids come as they are to be shown. */
export const models = {
  active: (model: string) => `Model ${model} answers here.`,
  trained: ({ model, job, dataset, when }: { model: string; job: string; dataset: string; when: string }) =>
    `model ${model}: trained by job ${job} on dataset ${dataset} at ${when}`,
  none: 'No model has been trained here yet; !retrain trains one.',
  promoted: ({ model, previous }: { model: string; previous: string }) =>
    `Model ${model} answers here from now on, in place of ${previous}.`,
  /** What a model is asked to see whether it answers. */
  trial: 'Hello! Are you there?',
  /** @param reason a sentence */
  doesNotAnswer: ({ model, reason }: { model: string; reason: string }) =>
    `The model ${model} does not answer, so it is not promoted: ${reason}`,
  notBetter: ({
    model,
    score,
    examples,
    dataset,
    active,
    activeScore,
    evaluation,
  }: {
    model: string;
    score: string;
    examples: number;
    dataset: string;
    active: string;
    activeScore: string;
    evaluation: string;
  }) =>
    `The model ${model} is not promoted, as it is not better than the active one: on ${counted(examples, 'example')} held out of dataset ${dataset} it scores ${score} and ${active} ${activeScore} (evaluation ${evaluation}); train on more corrections, test it again with !evaluate ${model}, or promote it all the same after !settings gate=off.`,
  rolledBack: ({ model, previous }: { model: string; previous: string }) =>
    `Model ${model} answers here again, in place of ${previous}.`,
};
