import { closeSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';

/**
 * What SQLite will make of a write-ahead log (https://www.sqlite.org/fileformat2.html#the_write_ahead_log). It
 * takes the first frame whose checksum is wrong for the end, and forgets the commits after it without a word.
 */
export interface LogFindings {
  /** The size of the database in pages after the last commit that SQLite will see; null where there is none. */
  readonly pages: number | null;
  /** The pages that those commits hold. */
  readonly written: ReadonlySet<number>;
  /** How many intact commits stand behind the first damaged frame. */
  readonly commitsLost: number;
}

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC_LITTLE_ENDIAN = 0x377f0682;
const MAGIC_BIG_ENDIAN = 0x377f0683;

type Checksum = readonly [number, number];

interface Frame {
  readonly page: number;
  /** The size of the database in pages where this frame ends a commit, else 0. */
  readonly commit: number;
  readonly salts: string;
  /** Whether the frame is what was written after a frame with that checksum. */
  follows(before: Checksum): boolean;
  readonly checksum: Checksum;
}

export function inspectLog(file: string, pageSize: number): LogFindings {
  const descriptor = openSync(file, 'r');
  try {
    return inspect(descriptor, pageSize);
  } finally {
    closeSync(descriptor);
  }
}

function inspect(descriptor: number, pageSize: number): LogFindings {
  const header = readHeader(descriptor);
  if (header === null) return { pages: null, written: new Set(), commitsLost: 0 };
  let pages: number | null = null;
  const written = new Set<number>();
  let uncommitted: number[] = [];
  let commitsLost = 0;
  let intact = header.valid;
  let before = header.checksum;
  for (const frame of readFrames(descriptor, pageSize, header.littleEndian)) {
    // Frames with other salts are left over from before the log was started anew.
    const isOurs = header.valid ? frame.salts === header.salts : true;
    const follows = isOurs && frame.follows(before);
    intact &&= follows;
    before = frame.checksum;
    if (intact) {
      uncommitted.push(frame.page);
      if (frame.commit === 0) continue;
      pages = frame.commit;
      for (const page of uncommitted) written.add(page);
      uncommitted = [];
    } else if (follows && frame.commit > 0) {
      commitsLost++;
    }
  }
  return { pages, written, commitsLost };
}

function readHeader(descriptor: number) {
  const bytes = new DataView(new ArrayBuffer(HEADER_BYTES));
  if (readSync(descriptor, bytes, 0, HEADER_BYTES, 0) < HEADER_BYTES) return null;
  const checksum = checksumAt(bytes, 24);
  const sound = [true, false].filter(
    (littleEndian) =>
      bytes.getUint32(0) === (littleEndian ? MAGIC_LITTLE_ENDIAN : MAGIC_BIG_ENDIAN) &&
      isSame(checksumOver(bytes, 0, 24, [0, 0], littleEndian), checksum),
  );
  // SQLite writes in the order of its host.
  const [littleEndian = endianness() === 'LE'] = sound;
  return { valid: sound.length > 0, littleEndian, checksum, salts: saltsAt(bytes, 16) };
}

function* readFrames(descriptor: number, pageSize: number, littleEndian: boolean): Generator<Frame> {
  const size = FRAME_HEADER_BYTES + pageSize;
  const bytes = new DataView(new ArrayBuffer(size));
  for (let offset = HEADER_BYTES; readSync(descriptor, bytes, 0, size, offset) === size; offset += size) {
    const checksum = checksumAt(bytes, 16);
    yield {
      page: bytes.getUint32(0),
      commit: bytes.getUint32(4),
      salts: saltsAt(bytes, 8),
      checksum,
      follows: (before) => {
        const head = checksumOver(bytes, 0, 8, before, littleEndian);
        return isSame(checksumOver(bytes, FRAME_HEADER_BYTES, size, head, littleEndian), checksum);
      },
    };
  }
}

function saltsAt(bytes: DataView, offset: number): string {
  return `${bytes.getUint32(offset)} ${bytes.getUint32(offset + 4)}`;
}

function checksumAt(bytes: DataView, offset: number): Checksum {
  return [bytes.getUint32(offset), bytes.getUint32(offset + 4)];
}

function checksumOver(
  bytes: DataView,
  start: number,
  end: number,
  [first, second]: Checksum,
  littleEndian: boolean,
): Checksum {
  let s0 = first;
  let s1 = second;
  for (let offset = start; offset < end; offset += 8) {
    s0 = (s0 + bytes.getUint32(offset, littleEndian) + s1) >>> 0;
    s1 = (s1 + bytes.getUint32(offset + 4, littleEndian) + s0) >>> 0;
  }
  return [s0, s1];
}

function isSame([a0, a1]: Checksum, [b0, b1]: Checksum): boolean {
  return a0 === b0 && a1 === b1;
}
