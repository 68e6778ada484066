/** How people find their way. */
export const help = {
  hello: ({ name, prefix }: { name: string; prefix: string }) =>
    `Hello, ${name}! Write anything to ask the model; ${prefix}correct last <text> teaches it a better answer, and ${prefix}help shows the rest.`,
  heading: (prefix: string) =>
    `Anything that does not start with ${prefix} is a question to the model. The commands:`,
  footing: (prefix: string) =>
    `${prefix}help NAME explains one. Ids may be shortened, and last means the latest one.`,
  noCommand: ({ shown, prefix }: { shown: string; prefix: string }) =>
    `There is no command ${shown}; ${prefix}help lists them all.`,
  /** @param who those who may use it */
  what: ({
    command,
    summary,
    who,
  }: {
    command: string;
    summary: string;
    who: 'everyone' | 'trainer' | 'manager';
  }) =>
    `${command} ${summary}${{ everyone: '', trainer: ' (trainers only)', manager: ' (managers only)' }[who]}.`,
  usage: (usage: string) => `Usage: ${usage}`,
  example: (example: string) => `Example: ${example}`,
  /** What the instruction command shows where the operator has no file of their own. */
  instructions: (prefix: string) => `How to train the model together:
1. Ask it something: just write. Every answer has an id.
2. Where the answer is wrong or missing, say what it should have been: ${prefix}correct last <the better answer>. Rate answers with ${prefix}feedback last + or -.
3. Trainers make the corrections into a dataset and train on it: ${prefix}retrain (${prefix}retrain dry_run=true shows first what would go in and what is left out).
4. When the job has ended, trainers look at the new model with ${prefix}test and let it answer with ${prefix}promote; ${prefix}rollback undoes that at once.
5. Anybody can ask where something comes from: ${prefix}history last, or ${prefix}history with any id.
Nothing is ever deleted: a correction taken back with ${prefix}withdraw stays in the ledger and goes into no dataset from then on. Write nothing here that must not be kept.`,
};
