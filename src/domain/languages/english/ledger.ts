/** Why nothing can be recorded or shown for the moment. A fault is what the store says, in English. */
export const ledger = {
  conflict: 'Others are changing the same thing right now, so nothing was done; try again.',
  tooLarge: 'That is too large to be recorded, so nothing was done; shorten it or send it as a file.',
  notJson: (fault: string) => `That cannot be recorded, so nothing was done: ${fault}.`,
  full: 'Nothing was done, because the ledger is unavailable: the disk is full; try again when that is mended.',
  notWritten: (fault: string) =>
    `Nothing was done, because the ledger is unavailable: ${fault}; try again when that is mended.`,
  perhapsWritten: (fault: string) =>
    `It is not known whether that was done, because the ledger is unavailable: ${fault}; send the same command again, it is done once.`,
  awaited:
    'Nothing was done, because the bot has just started and does not reach its ledger yet; try again soon.',
  unreadable: {
    later:
      'What is recorded is safe but cannot be shown, because some of it was written by a later version of this program; ask the operator to upgrade this one.',
    other:
      'What is recorded is safe but cannot be shown, because the ledger holds something that this program has not written; ask the operator to look at its output.',
  },
  readModels: {
    closed: 'The read models have been closed; start the program again.',
    beingMadeAnew:
      "The read models' file was damaged and is being made anew from the ledger; ask again in a moment.",
    behind:
      'What was recorded is safe, but the ledger does not hand it out at the moment, so it cannot be shown yet; ask again soon.',
    full: (fault: string) =>
      `The read models cannot be written (${fault}), though what was recorded is safe; free some space on the disk and ask again.`,
    unwritable: (fault: string) =>
      `The read models cannot be written (${fault}), though what was recorded is safe; ask again soon.`,
  },
};
