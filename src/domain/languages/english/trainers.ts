/** Which trainer a place has chosen, and what is not set up for it. Names of trainers come as operators give them. */
export const trainers = {
  chosenIsNotSetUp: ({ trainer, known }: { trainer: string; known: readonly string[] }) =>
    `The trainer ${trainer}, which was chosen here, is not set up any more; choose another with !settings trainer=… (${known.join(', ')}), or ask the operator to set it up.`,
  madeElsewhere: ({ model, trainer }: { model: string; trainer: string }) =>
    `Model ${model} was made by the trainer ${trainer}, which is not set up any more; ask the operator to set it up, or !rollback to another model.`,
  unknownModel: (model: string) =>
    `Model ${model} belongs to no trainer that is set up; !promote or !rollback to another one.`,
  notSeed: (seed: string) =>
    `The seed ${seed} is not a whole number; give one such as seed=42, or leave it out.`,
  /** @param free those that cost nothing; perhaps none */
  notInDirectMessages: ({ trainer, free }: { trainer: string; free: readonly string[] }) =>
    `The trainer ${trainer} works at the expense of whoever runs me, so it is for servers and not for direct messages${free.length === 0 ? '.' : `; here !settings trainer=${free.join(' or ')} chooses one that costs nothing.`}`,
  oneInDirectMessages:
    'In direct messages one training goes on at a time; ask again when yours has ended, or !cancel it.',
  notFollowed: ({ job, trainer }: { job: string; trainer: string }) =>
    `Nobody follows job ${job}: its trainer ${trainer} is not set up any more; ask the operator to set it up, or !cancel it.`,
};
