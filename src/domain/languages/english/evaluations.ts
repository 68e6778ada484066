import { counted } from './counted.ts';

/** Tests of a model. Ids come as they are to be shown. */
export const evaluations = {
  /**
   * @param question its number, from 1, where there are several
   * @param field as JavaScript would name it, such as `messages[0].role`
   */
  unusable: ({
    question,
    field,
    complaint,
  }: {
    question: number | null;
    field: string | null;
    complaint: string;
  }) =>
    `These test questions cannot be used: ${question === null ? '' : `question ${question}: `}${field === null ? '' : `${field}: `}${complaint}; see !help test for an example.`,
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
  /** Of a share from 0 to 1. */
  share: (share: number) => `${(share * 100).toFixed(1)} %`,
  /** @param active null where it is the active model itself */
  compared: ({
    evaluation,
    model,
    score,
    asked,
    examples,
    dataset,
    active,
  }: {
    evaluation: string;
    model: string;
    score: string;
    asked: number;
    examples: number;
    dataset: string;
    active: { model: string; score: string } | null;
  }) => {
    const of =
      asked === examples ? counted(examples, 'example') : `${asked} of ${counted(examples, 'example')}`;
    const rival = active === null ? '' : `, and the active model ${active.model} ${active.score}`;
    return `Evaluation ${evaluation}: on ${of} held out of dataset ${dataset}, model ${model} comes as near as ${score} to the expected answers${rival}; !history ${evaluation} shows what was answered.`;
  },
  /** For a trainer that holds nothing out. */
  learnedAll:
    'The trainer of this model holds nothing out: it has learned these answers, so this says only how well it remembers them.',
  notTrainedHere: (model: string) =>
    `The model ${model} was not trained on a dataset of this place, so nothing was held out to test it on; promote it with !settings gate=off, or go back with !rollback.`,
  nothingHeldOut: ({ model, dataset }: { model: string; dataset: string }) =>
    `Of the dataset ${dataset} of the model ${model} nothing was held out to test it on, as happens with few conversations; train on more of them, or promote without a test by !settings gate=off.`,
  /** @param reason a sentence; `asked` and `unanswered` of this model's questions */
  unanswered: ({
    model,
    unanswered,
    asked,
    reason,
  }: {
    model: string;
    unanswered: number;
    asked: number;
    reason: string;
  }) =>
    `The model ${model} left ${unanswered} of ${counted(asked, 'question')} unanswered, so the models cannot be compared; try again once it answers, or promote without a test by !settings gate=off. The reason was: ${reason}`,
  failed: (failure: string) => `failed: ${failure}`,
  got: (got: string) => `got: ${got}`,
  expected: (expected: string) => `expected: ${expected}`,
  toTeach: ({ prefix, answer, text }: { prefix: string; answer: string; text: string }) =>
    `to teach it: ${prefix}correct ${answer} ${text}`,
};
