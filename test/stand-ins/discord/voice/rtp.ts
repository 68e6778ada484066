import { createCipheriv, createDecipheriv } from 'node:crypto';

const HEADER = 12;
const TAG = 16;
const NONCE = 4;
const OPUS = 120;
const EXTENSION_PROFILE = 0xbede;

/** A packet of sound as it came over the wire. */
export interface RtpPacket {
  readonly sequence: number;
  /** In samples of 48 kHz. */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly nonce: number;
  readonly opus: Buffer;
}

/** RTP under `aead_aes256_gcm_rtpsize`. @throws Error where it is none, or is not for this key */
export function openRtp(packet: Buffer, key: Uint8Array): RtpPacket {
  if (packet.length < HEADER + TAG + NONCE) throw new Error(`${packet.length} bytes are no RTP packet`);
  if (packet.readUInt8(0) !== 0x80) throw new Error('the first byte is not that of plain RTP version 2');
  if ((packet.readUInt8(1) & 0x7f) !== OPUS) throw new Error(`the payload type is not ${OPUS}`);
  const end = packet.length - NONCE;
  const decipher = createDecipheriv('aes-256-gcm', key, padded(packet.subarray(end)));
  decipher.setAAD(packet.subarray(0, HEADER));
  decipher.setAuthTag(packet.subarray(end - TAG, end));
  const opus = Buffer.concat([decipher.update(packet.subarray(HEADER, end - TAG)), decipher.final()]);
  return {
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    nonce: packet.readUInt32BE(end),
    opus,
  };
}

/** With an extension of one word, as other people's clients send it: its head stands open, its body sealed. */
export function sealRtp({ sequence, timestamp, ssrc, nonce, opus }: RtpPacket, key: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER + 4);
  header.writeUInt8(0x90, 0);
  header.writeUInt8(OPUS, 1);
  header.writeUInt16BE(sequence, 2);
  header.writeUInt32BE(timestamp, 4);
  header.writeUInt32BE(ssrc, 8);
  header.writeUInt16BE(EXTENSION_PROFILE, HEADER);
  header.writeUInt16BE(1, HEADER + 2);
  const suffix = Buffer.alloc(NONCE);
  suffix.writeUInt32BE(nonce);
  const cipher = createCipheriv('aes-256-gcm', key, padded(suffix));
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(Buffer.alloc(4)), cipher.update(opus), cipher.final()]);
  return Buffer.concat([header, sealed, cipher.getAuthTag(), suffix]);
}

function padded(nonce: Buffer): Buffer {
  return Buffer.concat([nonce, Buffer.alloc(12 - NONCE)]);
}
