type Kind = 'up' | 'down' | 'remark';

const said: Readonly<Record<Kind, string>> = { up: 'thumbs up', down: 'thumbs down', remark: 'remark' };

/** Ratings and remarks. Ids come as they are to be shown. */
export const feedback = {
  recorded: (kind: Kind) => `Thank you; your ${said[kind]} is recorded.`,
  recordedOn: ({ kind, answer, isNew }: { kind: Kind; answer: string; isNew: boolean }) =>
    `Thank you; your ${said[kind]} on answer ${answer} ${isNew ? 'is recorded' : 'was already recorded'}.`,
  nothingSaid: (answer: string) => `Say what you think of the answer ${answer}: +, - or a remark.`,
};
