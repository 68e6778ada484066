/** Corrections of answers. Ids come as they are to be shown. */
export const corrections = {
  recorded: ({ correction, answer, prefix }: { correction: string; answer: string; prefix: string }) =>
    `Recorded as correction ${correction} of answer ${answer}. ${prefix}retrain teaches it to a model.`,
  waits: ({ correction, answer }: { correction: string; answer: string }) =>
    `Recorded as correction ${correction} of answer ${answer}. It counts as soon as a trainer has approved it.`,
  elsewhere: 'That answer was given in a channel that you do not see, so its words are not shown here.',
  /** Beside it, where a message is not trained on. */
  asMessage:
    'It is of a message, which is not trained on here: ✏️ under the answer hands in question and better answer on purpose, and that is.',
  textOrFile: 'Give the better answer as text or in one file that is sent along, not both.',
  notText: (file: string) => `${file} is no text in UTF-8; send the better answer as plain text.`,
  fileTooLong: (file: string) => `${file} is too long for a better answer; shorten it.`,
  /** @param complaint without a full stop */
  badFile: ({ file, complaint }: { file: string; complaint: string }) =>
    `What ${file} holds cannot be the better answer: ${complaint}.`,
  withdrawn: ({ correction, answer }: { correction: string; answer: string }) =>
    `Correction ${correction} of answer ${answer} is withdrawn; it goes into no dataset from now on.`,
};
