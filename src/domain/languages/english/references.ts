/** What an id can stand for. */
export type Kind = 'answer' | 'correction' | 'dataset' | 'job' | 'model' | 'evaluation' | 'member' | 'event';

/** Where an id, or what stands for one, does not lead to one thing. What a person wrote comes as an excerpt. */
export const references = {
  noneYet: (kind: Kind) => `There is no ${kind} in this conversation yet, so “last” stands for nothing.`,
  /** @param list the command that lists them */
  unknown: ({ kind, reference, list }: { kind: Kind; reference: string; list: string }) =>
    `There is no ${kind} with the id “${reference}”; ${list} lists them.`,
  unknownAnything: (reference: string) =>
    `Nothing here has the id “${reference}”; !history without an id lists the latest events.`,
  /** Where they can be of several kinds, each says of which it is. */
  ambiguous: ({
    reference,
    matches,
  }: {
    reference: string;
    matches: readonly { kind: Kind | null; id: string }[];
  }) => {
    const shown = matches.map(({ kind, id }) => (kind === null ? id : `${kind} ${id}`)).join(', ');
    return `“${reference}” could stand for several: ${shown}; give more of the id.`;
  },
};
