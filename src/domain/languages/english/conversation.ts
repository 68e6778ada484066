/** What comes with a model's answers. Ids come as they are to be shown. */
export const conversation = {
  /** @param complaint without a full stop */
  cannotAnswer: (complaint: string) => `That cannot be answered: ${complaint}.`,
  usedId: 'This command id has already been used for something else; send a new one.',
  answer: ({ response, answer }: { response: string; answer: string }) => `${response}\n(answer ${answer})`,
  failure: ({ failure, answer }: { failure: string; answer: string }) => `${failure} (answer ${answer})`,
};
