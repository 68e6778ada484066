import { listed } from './listed.ts';

/** What may be trained on in a place, and why not the rest. */
export const policy = {
  /** How texts reach the bot. */
  origins: {
    message: 'messages in channels',
    interaction: 'what was given by menus, forms and buttons',
    upload: 'files sent along',
    voice: 'what was said, in recordings and voice channels',
    console: 'what was typed at the console',
    file: 'files of the data directory',
  },
  taken: (origins: readonly string[]) =>
    origins.length === 0
      ? 'Nothing is taken into datasets here.'
      : `Taken into datasets: ${listed(origins, 'and')}.`,
  leftOut: (origins: readonly string[]) => `Left out: ${listed(origins, 'and')}.`,
  needsConsent: ({ origins, prefix }: { origins: readonly string[]; prefix: string }) =>
    `Only with the author's consent (${prefix}privacy consent): ${listed(origins, 'and')}.`,
  rule: "Messages are left out because rule 21 of Discord's Developer Policy forbids training on message content without Discord's express permission.",
  spoken:
    'What was said is left out whatever was permitted, as it came through Discord too; a question and a better answer that are handed in with ✏️ count.',
  permission: (reference: string) =>
    `Discord's permission to train on messages is on record: “${reference}”.`,
  howTo: (prefix: string) =>
    `With that permission in writing, ${prefix}policy permission="where it can be found" records it; ${prefix}policy revoke=true takes it back. This is not legal advice.`,
  recorded: (reference: string) =>
    `The permission “${reference}” is recorded: messages of members who consented go into datasets that are built from now on.`,
  revoked: 'The permission is taken back: messages go into no dataset that is built from now on.',
  unchanged: 'That is how it already was; nothing was recorded.',
  notInDirectMessages:
    'What Discord has permitted is recorded where the bot serves a server, not in direct messages; ask a trainer there.',
  permissionOrRevoke: 'Give either permission=… or revoke=true, not both.',
};
