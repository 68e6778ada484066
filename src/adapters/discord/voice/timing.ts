/** How patient a voice connection is. All in ms. */
export interface VoiceTiming {
  /** For a join to be heard, from the asking to the first packet that could be sent. */
  readonly connectMs: number;
  /** For the library to resume a broken connection, or to find the server that a call was moved to. */
  readonly mendMs: number;
  /** For word of where the bot is now, after the voice server has sent it away. */
  readonly movedMs: number;
  /** Before each new attempt after one that failed; there are as many attempts more. */
  readonly backOffMs: readonly number[];
  /** After which a connection counts as sound, and its failed attempts are forgotten. */
  readonly steadyMs: number;
  /** For people to come back, once the last one has left the channel. */
  readonly aloneMs: number;
}

export const usualVoiceTiming: VoiceTiming = {
  connectMs: 15_000,
  mendMs: 15_000,
  movedMs: 5_000,
  backOffMs: [1_000, 4_000, 10_000],
  steadyMs: 60_000,
  aloneMs: 5_000,
};
