/** Whether a line has nothing to read on it. */
export function isBlank(bytes: Buffer): boolean {
  return bytes.every(isSpace);
}

/** Of the bytes that may stand between JSON values. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
}
