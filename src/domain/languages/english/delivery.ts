/** What stands in a reply in the place of what could not be sent. */
export const delivery = {
  /** Before an answer that comes when a command cannot be answered in its place any more. */
  late: (member: string) => `For ${member}, who asked for this a while ago:`,
  empty: '(an empty answer)',
  whole: (file: string) => `… (the whole of it is in ${file})`,
  tooLarge: (file: string, megabytes: string, limit: number) =>
    `${file} has ${megabytes} MB and cannot be sent here, where at most ${limit} MB are taken; it stays in the bot's data directory.`,
  notPermitted: (file: string) =>
    `${file} cannot be sent here, since I may not attach files; ask whoever runs this server for that permission.`,
  refused: (file: string) =>
    `${file} cannot be sent here, since Discord finds it too large; it stays in the bot's data directory.`,
  missing: (file: string, reason: string) => `${file} cannot be sent: ${reason}`,
  /** In a channel, in place of what is for one person. */
  sentDirectly: 'That is for you alone, so I have sent it to you as a direct message.',
  cannotSendDirectly: (command: string) =>
    `That is for you alone, and you take no direct messages from me; use /${command}, which shows it here to nobody but you.`,
};
