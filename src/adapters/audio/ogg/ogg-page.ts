const HEADER_BYTES = 27;
const MOST_IN_A_SEGMENT = 255;
const MOST_SEGMENTS = 255;
const LARGEST_PAGE = HEADER_BYTES + MOST_SEGMENTS + MOST_SEGMENTS * MOST_IN_A_SEGMENT;
const CHECKSUM_AT = 22;

export type PagePlace = 'first' | 'between' | 'last';

const placeFlags: Readonly<Record<PagePlace, number>> = { first: 2, between: 0, last: 4 };

export interface OggPage {
  readonly place: PagePlace;
  /** Samples until the end of the page. */
  readonly position: number;
  readonly sequence: number;
  /** One packet, shorter than 65,025 bytes. */
  readonly packet: Uint8Array;
}

/** A page of RFC 3533 with one packet, of the only stream in its file. @throws RangeError where it is too long */
export function oggPage({ place, position, sequence, packet }: OggPage): Uint8Array {
  const segments = Math.floor(packet.length / MOST_IN_A_SEGMENT) + 1;
  if (segments > MOST_SEGMENTS) throw new RangeError('a packet does not fit into a page');
  const page = new Uint8Array(HEADER_BYTES + segments + packet.length);
  const view = new DataView(page.buffer);
  page.set(Buffer.from('OggS'));
  page[5] = placeFlags[place];
  view.setBigUint64(6, BigInt(position), true);
  view.setUint32(18, sequence, true);
  page[26] = segments;
  page.fill(MOST_IN_A_SEGMENT, HEADER_BYTES, HEADER_BYTES + segments - 1);
  page[HEADER_BYTES + segments - 1] = packet.length % MOST_IN_A_SEGMENT;
  page.set(packet, HEADER_BYTES + segments);
  view.setUint32(CHECKSUM_AT, checksum(page), true);
  return page;
}

/** Whether an Ogg file ends in the middle of a page; what is there of it can be played, so players do not tell. */
export function endsWithinPage(file: Uint8Array): boolean {
  const tail = Buffer.from(file.subarray(-LARGEST_PAGE));
  const page = tail.subarray(Math.max(0, tail.lastIndexOf('OggS')));
  const segments = page[HEADER_BYTES - 1];
  if (segments === undefined) return true;
  const table = page.subarray(HEADER_BYTES, HEADER_BYTES + segments);
  const length = table.reduce((sum, segment) => sum + segment, HEADER_BYTES + segments);
  return page.length < length;
}

const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 0x80000000 ? (remainder << 1) ^ 0x04c11db7 : remainder << 1;
  }
  return remainder;
});

/** The CRC of RFC 3533, which is none of those that zlib knows. */
function checksum(page: Uint8Array): number {
  let sum = 0;
  for (const byte of page) sum = (sum << 8) ^ (remainders[((sum >>> 24) ^ byte) & 0xff] ?? 0);
  return sum >>> 0;
}
