import { OpusDecoder } from 'opus-decoder';
import type { RtpPacket } from './rtp.ts';

export interface HeardPacket extends RtpPacket {
  /** When it arrived, in ms since the process began. */
  readonly at: number;
}

/** What every client sends when it falls silent. */
export const silence = Buffer.from([0xf8, 0xff, 0xfe]);

export function isSilence({ opus }: Pick<HeardPacket, 'opus'>): boolean {
  return opus.equals(silence);
}

/** The longest time between two packets, in ms. */
export function longestGap(packets: readonly HeardPacket[]): number {
  return packets.reduce(
    (longest, { at }, index) => Math.max(longest, at - (packets[index - 1]?.at ?? at)),
    0,
  );
}

/** How many packets are missing between the first and the last. */
export function lostPackets(packets: readonly HeardPacket[]): number {
  return packets.reduce((lost, { sequence }, index) => {
    const before = packets[index - 1]?.sequence;
    return before === undefined ? lost : lost + ((sequence - before - 1) & 0xffff);
  }, 0);
}

/** How many packets bear a nonce that another one bore. */
export function reusedNonces(packets: readonly HeardPacket[]): number {
  return packets.length - new Set(packets.map(({ nonce }) => nonce)).size;
}

/** What a listener hears, 48 kHz, one channel. */
export async function decoded(packets: readonly { readonly opus: Uint8Array }[]): Promise<Float32Array> {
  const decoder = new OpusDecoder({ channels: 1, streamCount: 1, coupledStreamCount: 0 });
  await decoder.ready;
  try {
    const { channelData, errors } = decoder.decodeFrames(packets.map(({ opus }) => opus));
    if (errors.length > 0) throw new Error(`Not all that was heard is Opus: ${JSON.stringify(errors[0])}`);
    return channelData[0] ?? new Float32Array();
  } finally {
    decoder.free();
  }
}
