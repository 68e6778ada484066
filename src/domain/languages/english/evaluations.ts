/** Tests of a model. Ids come as they are to be shown. */
export const evaluations = {
  unusable: ({ place, complaint }: { place: string | null; complaint: string }) =>
    `These test questions cannot be used${place === null ? '' : ` at ${place}`}: ${complaint}; see !help test for an example.`,
  /** @param right of the `judged` ones; questions without an expected answer are not judged */
  score: ({
    evaluation,
    model,
    right,
    judged,
  }: {
    evaluation: string;
    model: string;
    right: number;
    judged: number;
  }) =>
    `Evaluation ${evaluation} of model ${model}: ${judged === 0 ? 'nothing was expected' : `${right} of ${judged} as expected`}.`,
  question: ({
    number,
    mark,
    prompt,
    answer,
  }: {
    number: number;
    mark: string;
    prompt: string;
    answer: string;
  }) => `${number}. ${mark} ${prompt} (answer ${answer})`,
  failed: (failure: string) => `failed: ${failure}`,
  got: (got: string) => `got: ${got}`,
  expected: (expected: string) => `expected: ${expected}`,
  toTeach: ({ prefix, answer, text }: { prefix: string; answer: string; text: string }) =>
    `to teach it: ${prefix}correct ${answer} ${text}`,
};
