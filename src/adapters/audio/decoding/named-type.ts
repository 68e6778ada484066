import { extname } from 'node:path';

const types = ['aac', 'aiff', 'flac', 'm4a', 'mkv', 'mov', 'mp3', 'mp4', 'ogg', 'opus', 'wav', 'webm', 'wma'];

/** What a file is by its name, where that is a kind of sound or video. */
export function namedType(path: string): string | null {
  const extension = extname(path).slice(1).toLowerCase();
  return types.includes(extension) ? extension.toUpperCase() : null;
}
