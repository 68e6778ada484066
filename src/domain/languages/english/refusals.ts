/** Why the domain refuses what was asked for. Ids come as they are to be shown. */
export const refusals = {
  answer: {
    unknown: 'There is no such answer; !history lists the latest ones.',
    failed: 'That question got no answer, so there is nothing to correct or rate; ask it again.',
    noneToWithdraw: ({ answer }: { answer: string }) =>
      `There is no correction of yours to withdraw from the answer ${answer}; a correction is taken back by whoever gave it.`,
  },
  job: {
    unknown: 'There is no such job; !jobs lists them.',
    ended: ({ job, as }: { job: string; as: 'succeeded' | 'failed' | 'cancelled' }) =>
      `The job ${job} has already ${as === 'cancelled' ? 'been cancelled' : as}.`,
  },
  model: {
    alreadyActive: ({ model }: { model: string }) => `The model ${model} is already the active one.`,
    activeChanged: ({ model, active, before }: { model: string; active: string; before: string }) =>
      `The model ${model} was compared with ${before}, and meanwhile ${active} has become the active one; promote it again, so that it is compared with that.`,
    noEarlier: 'There is no earlier model to go back to; !models lists them.',
  },
};
