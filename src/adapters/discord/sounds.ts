import { extname } from 'node:path';
import { type Message, MessageFlags } from 'discord.js';
import { type AttachedFile, attachedTo } from './incoming.ts';

/** Of files whose type Discord does not say; what is in them shows only when they are decoded. */
const EXTENSIONS: ReadonlySet<string> = new Set(
  '.aac .aif .aiff .amr .avi .flac .m4a .m4b .mka .mkv .mov .mp3 .mp4 .oga .ogg .opus .wav .weba .webm .wma'.split(
    ' ',
  ),
);

/** The voice message, or the files of sound and film that came with a message. */
export function soundsOf({ flags, attachments }: Pick<Message, 'flags' | 'attachments'>): AttachedFile[] {
  const files = [...attachments.values()];
  if (flags.has(MessageFlags.IsVoiceMessage)) return attachedTo(files);
  return attachedTo(files.filter(({ name, contentType }) => isSound(name, contentType)));
}

function isSound(name: string, type: string | null): boolean {
  if (type === null || type.startsWith('application/octet-stream'))
    return EXTENSIONS.has(extname(name).toLowerCase());
  return type.startsWith('audio/') || type.startsWith('video/') || type.startsWith('application/ogg');
}
