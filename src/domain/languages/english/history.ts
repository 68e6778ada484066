/** What happened. Ids and times come as they are to be shown. */
export const history = {
  noEvent: (event: string) => `There is no event ${event}; !history lists the latest ones.`,
  nothingBefore: 'Nothing has happened here before that.',
  /** In the place of what was written in another channel. */
  elsewhere: '[written in another channel]',
  older: (before: string) => `older ones: before=${before}`,
  particulars: ({
    type,
    revision,
    stream,
    origin,
    channel,
    command,
  }: {
    type: string;
    revision: number;
    stream: string;
    origin: string;
    channel: string;
    command: string;
  }) =>
    `${type}, revision ${revision} of stream ${stream}, origin ${origin}, channel ${channel}, command ${command}`,
};
