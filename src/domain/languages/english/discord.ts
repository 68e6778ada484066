export interface TimeLeft {
  readonly count: number;
  readonly unit: 'seconds' | 'minutes' | 'hours';
}

/** What is said on Discord and nowhere else. */
export const discord = {
  /** What stands beside the bot's name. Discord shows 128 characters. */
  presence: (prefix: string | null) => (prefix === null ? '/help' : `/help · ${prefix}help`),
  attachments: {
    elsewhere: (name: string) =>
      `${name} does not lie on Discord's own file server, so it was not fetched; attach the file itself.`,
    tooLarge: (name: string, mebibytes: number) =>
      `${name} is larger than the ${mebibytes} MiB that are taken; send a smaller file, or several.`,
    gone: (name: string) => `Discord does not have ${name} any more; attach it again.`,
    unavailable: (name: string, status: number) =>
      `${name} was not fetched, because Discord's file server answered with ${status}; try again in a while.`,
    unreachable: (name: string) =>
      `${name} was not fetched, because the connection to Discord's file server failed; try again in a while.`,
    tooSlow: (name: string) =>
      `${name} did not arrive in time; try again in a while, or send a smaller file.`,
    incomplete: (name: string) => `${name} did not arrive as it was sent; attach it again.`,
  },
  training: {
    states: {
      requested: 'is waiting for the trainer',
      running: 'is training',
      succeeded: 'has succeeded',
      failed: 'has failed',
      cancelled: 'was cancelled',
    },
    /** @param state one of `states` */
    head: (job: string, state: string) => `**Job ${job}** ${state}`,
    step: (step: number, total: number) => `step ${step} of ${total}`,
    loss: (loss: string) => `loss ${loss}`,
    left: ({ count, unit }: TimeLeft) =>
      `about ${count} ${{ seconds: 's', minutes: 'min', hours: 'h' }[unit]} left`,
    chart: { title: (job: string) => `Loss of job ${job}`, step: 'step', loss: 'loss' },
  },
  /** As Discord's own settings call them, each with what it is for. */
  permissions: {
    viewChannels: { name: 'View Channels', purpose: 'to see where I am spoken to' },
    sendMessages: { name: 'Send Messages', purpose: 'to answer' },
    sendMessagesInThreads: { name: 'Send Messages in Threads', purpose: 'to answer there too' },
    attachFiles: { name: 'Attach Files', purpose: 'to send exports, long answers and charts' },
    readMessageHistory: {
      name: 'Read Message History',
      purpose: 'to reply to a message, and to find what was said while I was away',
    },
    connect: { name: 'Connect', purpose: 'to come into a voice channel' },
    speak: { name: 'Speak', purpose: 'to say my answers there' },
  },
  greeting: {
    welcome:
      'Hello! I answer questions here, and you teach me together; I can say of every answer what it was made from.',
    talk: (ask: string) => `**Talk**: mention me, reply to me, or use \`/${ask}\`.`,
    correct: (menu: string) =>
      `**Correct**: press ✏️ under an answer, or choose “${menu}” in the menu of the message, under Apps. 👍 and 👎 rate it.`,
    retrain: (retrain: string, promote: string) =>
      `**Retrain**: a trainer uses \`/${retrain}\` and, once the job has succeeded, presses “${promote}”.`,
    settings: (settings: string) =>
      `**Set up**: \`/${settings}\` says which roles are trainers, in which channels I answer everything, and in which language. Until then whoever may manage the server is a trainer.`,
    policy: (policy: string) =>
      `**What I learn from**: what is given to me on purpose, by commands, forms and files. Ordinary messages are left out unless Discord has permitted it, which \`/${policy}\` records.`,
    voice: (join: string) =>
      `**Aloud**: sit in a voice channel and ask me, or use \`/${join}\`, and I say my answers there; I understand voice messages too.`,
    help: (help: string, prefix: string) => `\`/${help}\` or \`${prefix}help\` lists everything.`,
    permissions: 'The permissions that I need:',
    missing: (permissions: string) => `⚠️ Not granted yet: ${permissions}.`,
  },
};
