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
  notFollowed: ({ job, trainer }: { job: string; trainer: string }) =>
    `Nobody follows job ${job}: its trainer ${trainer} is not set up any more; ask the operator to set it up, or !cancel it.`,
};
