/** Corrections of answers. Ids come as they are to be shown. */
export const corrections = {
  recorded: ({ correction, answer, prefix }: { correction: string; answer: string; prefix: string }) =>
    `Recorded as correction ${correction} of answer ${answer}. ${prefix}retrain teaches it to a model.`,
  waits: ({ correction, answer }: { correction: string; answer: string }) =>
    `Recorded as correction ${correction} of answer ${answer}. It counts as soon as a trainer has approved it.`,
  textOrFile: 'Give the better answer as text or in one file that is sent along, not both.',
  notText: (file: string) => `${file} is no text in UTF-8; send the better answer as plain text.`,
  fileTooLong: (file: string) => `${file} is too long for a better answer; shorten it.`,
  /** @param complaint without a full stop */
  badFile: ({ file, complaint }: { file: string; complaint: string }) =>
    `What ${file} holds cannot be the better answer: ${complaint}.`,
  withdrawn: ({ correction, answer }: { correction: string; answer: string }) =>
    `Correction ${correction} of answer ${answer} is withdrawn; it goes into no dataset from now on.`,
};
