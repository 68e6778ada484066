/** What is said of files that are taken in as a dataset. A place is the path of a file and a line of it. */
export const intake = {
  unknown: (dataset: string) => `The dataset ${dataset} is not known in this scope.`,
  noExample: (paths: readonly string[]) => `There is no training example in ${paths.join(', ')}.`,
  /** @param most how many of them, in their order, would do */
  tooManyFiles: ({ count, most }: { count: number; most: number }) =>
    `A dataset cannot be taken from ${count} files at once; take at most ${most} of them, or join them into fewer files.`,
  /** Why a line is not taken; goes on from "line 7: ". */
  line: {
    tooLong: ({ bytes, most }: { bytes: number; most: number }) =>
      `it makes a line of ${bytes} bytes in the dataset, and the policy here permits ${most}`,
    otherFormat: ({ is, among }: { is: string; among: string }) =>
      `it is a ${is} example among ${among} examples; take them in as two datasets`,
    saysItself: (format: string) =>
      `a ${format} example says itself what is undesirable; leave positive=false out`,
    noQuestion: 'the message before the answer must be from the user where positive is false',
  },
  problem: ({ path, line, reason }: { path: string; line: number; reason: string }) =>
    `${path}, line ${line}: ${reason}`,
  /** @param problem the only one */
  oneBad: (problem: string) => `${problem}; nothing was taken, so mend it or add skip_invalid=true.`,
  /** Above a list of them. */
  manyBad: (count: number) =>
    `${count} lines are bad, so nothing was taken; mend them or add skip_invalid=true:`,
  more: (count: number) => `… and ${count} more`,
};
