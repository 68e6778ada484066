/** Which model answers. Ids come as they are to be shown. */
export const models = {
  active: (model: string) => `Model ${model} answers here.`,
  trained: ({ model, job, dataset, when }: { model: string; job: string; dataset: string; when: string }) =>
    `model ${model}: trained by job ${job} on dataset ${dataset} at ${when}`,
  none: 'No model has been trained here yet; !retrain trains one.',
  promoted: ({ model, previous }: { model: string; previous: string }) =>
    `Model ${model} answers here from now on, in place of ${previous}.`,
  rolledBack: ({ model, previous }: { model: string; previous: string }) =>
    `Model ${model} answers here again, in place of ${previous}.`,
};
