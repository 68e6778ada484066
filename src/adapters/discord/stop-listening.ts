import { type Client, Events } from 'discord.js';

/** Before a client is ended: discord.js goes on telling for a while, and what listened may be closed by then. */
export function stopListening(client: Client): void {
  client.removeAllListeners();
  // An error that nobody hears would end the process.
  client.on(Events.Error, () => undefined);
}
