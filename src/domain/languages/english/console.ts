/** What the console itself says. */
export const console = {
  greeting: (prefix: string) => `Ask something, or ${prefix}help; Ctrl-D leaves.`,
  trainingGoesOn: 'Training goes on at the next start.',
  lineTooLong: (mebibytes: number) =>
    `This line is longer than ${mebibytes} MiB, so nothing was done; send a file instead.`,
  notUtf8: 'This line is not valid UTF-8, so nothing was done; send it as UTF-8.',
  noId: 'With --ids every line is an id of at most 200 characters, a space and the text; this one is not.',
  fault: (reason: string) => `The program failed at this line (${reason}), so it may not have been done.`,
};
