import prism from 'prism-media';
import { z } from 'zod';

const Packet = z.instanceof(Uint8Array);

/** The Opus packets of an Ogg file, without its headers. @throws Error where it is none */
export async function oggPackets(file: Uint8Array): Promise<readonly Uint8Array[]> {
  const demuxer = new prism.opus.OggDemuxer();
  demuxer.end(Buffer.from(file.buffer, file.byteOffset, file.byteLength));
  const packets: Uint8Array[] = [];
  for await (const packet of demuxer) packets.push(Packet.parse(packet));
  return packets;
}
