const HEADER_BYTES = 44;
const SAMPLE_BYTES = 2;

/** A WAV file of samples of one channel with 16 bits each, little-endian. */
export function wavOf(samples: Uint8Array, rate: number): Uint8Array<ArrayBuffer> {
  const file = Buffer.alloc(HEADER_BYTES + samples.length);
  file.write('RIFF', 0);
  file.writeUInt32LE(HEADER_BYTES - 8 + samples.length, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * SAMPLE_BYTES, 28);
  file.writeUInt16LE(SAMPLE_BYTES, 32);
  file.writeUInt16LE(8 * SAMPLE_BYTES, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples.length, 40);
  file.set(samples, HEADER_BYTES);
  return file;
}
