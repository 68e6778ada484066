/** What the embedded model says of itself. */
export const embedded = {
  /** In place of an answer. @param prefix what commands start with */
  abstention: (prefix: string) =>
    `I have not learned an answer to that. Teach me one with ${prefix}correct last <better answer> and then ${prefix}retrain.`,
  unknown: ({ model, prefix }: { model: string; prefix: string }) =>
    `There is no model ${model}; ${prefix}models lists those that can answer.`,
  unusable: ({ model, reason }: { model: string; reason: string }) =>
    `The model ${model} cannot answer because ${reason}; train it again or promote another one.`,
  /** Reasons, as they follow "because". */
  faults: {
    incomplete: 'its file is not complete',
    otherVersion: 'its file is not one that this version reads',
    notUtf8: 'it is not UTF-8',
    tooLarge: 'it needs more memory than it may use',
    threadEnded: 'its thread was ended',
  },
  tooManyWords: (most: number) => `it has more than ${most} different words`,
};
