const PREFIX = 'dm-';

/** The scope of one member's direct messages with the bot, where they are alone with it and their own trainer. */
export function directScope(channel: string): string {
  return PREFIX + channel;
}

export function isDirect(scope: string): boolean {
  return scope.startsWith(PREFIX);
}
