/** What can go wrong with the content-addressed store. Content is named by its SHA-256. */
export const vault = {
  missing: (sha256: string) =>
    `The stored content ${sha256} is missing; restore its file in the vault from a backup.`,
  damaged: (sha256: string) =>
    `The stored content ${sha256} is damaged: it is no longer what its name says; restore its file in the vault from a backup.`,
  unreadable: ({ sha256, code }: { sha256: string; code: string }) =>
    `The stored content ${sha256} cannot be read (${code}); check the disk and the permissions of the vault.`,
};
