/** What the ledger keeps of the files that a job was given. */
export interface UploadedFiles {
  readonly train: string;
  readonly validation: string | null;
}

/** One text: ids of files have no commas in them. */
export function writeUploadedFiles({ train, validation }: UploadedFiles): string {
  return validation === null ? train : `${train},${validation}`;
}

export function readUploadedFiles(text: string | null): UploadedFiles | null {
  if (text === null) return null;
  const [train = '', validation = null] = text.split(',');
  return { train, validation };
}
