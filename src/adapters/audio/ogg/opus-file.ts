import { oggPage } from './ogg-page.ts';

const RATE = 48_000;
/** As clients of Discord send. */
const CHANNELS = 2;
/** 120 ms; what says more is broken. */
const MOST_SAMPLES_OF_A_PACKET = 5_760;

/** An Ogg file (RFC 7845) of Opus packets as they came. */
export function opusFile(packets: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const pages = [
    oggPage({ place: 'first', position: 0, sequence: 0, packet: head() }),
    oggPage({ place: 'between', position: 0, sequence: 1, packet: tags() }),
  ];
  let position = 0;
  for (const [index, packet] of packets.entries()) {
    position += samplesOf(packet);
    const place = index === packets.length - 1 ? 'last' : 'between';
    pages.push(oggPage({ place, position, sequence: pages.length, packet }));
  }
  return Buffer.concat(pages);
}

/** How many samples of 48 kHz a packet is, by the table of RFC 6716, section 3.1. */
export function samplesOf(packet: Uint8Array): number {
  const [toc = 0, count = 0] = packet;
  const configuration = toc >> 3;
  const frames = [1, 2, 2, count & 0x3f][toc & 3] ?? 1;
  return Math.min(frames * frameSamples(configuration), MOST_SAMPLES_OF_A_PACKET);
}

function frameSamples(configuration: number): number {
  if (configuration < 12) return ([480, 960, 1_920, 2_880] as const)[configuration & 3] ?? 0;
  if (configuration < 16) return ([480, 960] as const)[configuration & 1] ?? 0;
  return 120 << (configuration & 3);
}

function head(): Uint8Array {
  const packet = Buffer.alloc(19);
  packet.write('OpusHead');
  packet.writeUInt8(1, 8);
  packet.writeUInt8(CHANNELS, 9);
  packet.writeUInt32LE(RATE, 12);
  return packet;
}

/** Without a vendor and without comments. */
function tags(): Uint8Array {
  const packet = Buffer.alloc(16);
  packet.write('OpusTags');
  return packet;
}
