/** How commands and their options are written, and what is wrong with a line. */
export const lines = {
  /** What may be written for yes, for no, and for the latest thing of its kind. The first is how it is told. */
  yes: ['true', 'yes', '1'],
  no: ['false', 'no', '0'],
  last: ['last'],
  optionTwice: (option: string) =>
    `The option ${option} is given twice; give it once, or put text that looks like one in quotes.`,
  noOptionLike: (word: string) =>
    `There is no option like “${word}” here; put text that looks like one in quotes.`,
  oneWordTooMany: (word: string) => `“${word}” is one word too many; put text with spaces in quotes.`,
  quoteNotClosed: (opening: string) => `The quote that opens at “${opening}” is not closed; close it.`,
  optionWrong: ({ option, complaint, usage }: { option: string; complaint: string; usage: string }) =>
    `The option ${option} is wrong: ${complaint} (usage: ${usage}).`,
  optionMissing: ({ option, usage }: { option: string; usage: string }) =>
    `The option ${option} is missing (usage: ${usage}).`,
  notJson: (problem: string) => `That is not valid JSON: ${problem}; mend it and send it again.`,
  jsonTooDeep: 'it is nested too deeply',
  jsonUnreadable: 'something in it cannot be read',
  jsonProblem: ({ code, line, column }: { code: string; line: number; column: number }) => {
    const what = code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
    return `${what} at line ${line}, column ${column}`;
  },
};
