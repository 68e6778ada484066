import { counted } from './counted.ts';

/** What is written and sent. Sizes come as they are to be shown. */
export const files = {
  file: ({ path, size, sha256 }: { path: string; size: string; sha256: string }) =>
    `${path} (${size}, SHA-256 ${sha256})`,
  archived: ({
    files,
    directory,
    path,
    size,
    sha256,
  }: {
    files: number;
    directory: string;
    path: string;
    size: string;
    sha256: string;
  }) =>
    `${counted(files, 'file')} of ${directory} are in ${path} (${size}, SHA-256 ${sha256}), read back and verified. The sources stay.`,
};
