import { z } from 'zod';

/** What a thread is asked for: a command line without the names of files, which stand for the bytes given. */
export const FfmpegRequest = z.object({
  id: z.int(),
  /** Of what is read: the options before `-i`. */
  inputOptions: z.array(z.string()),
  input: z.instanceof(Uint8Array),
  outputOptions: z.array(z.string()),
});
export type FfmpegRequest = z.infer<typeof FfmpegRequest>;

export const FfmpegReply = z.object({
  id: z.int(),
  /** Null where it broke down instead of ending. */
  exitCode: z.int().nullable(),
  /** Null where there is none. */
  output: z.instanceof(Uint8Array<ArrayBuffer>).nullable(),
  /** Its first lines and its last, without the tags of files. */
  log: z.array(z.string()),
});
export type FfmpegReply = z.infer<typeof FfmpegReply>;

export const FfmpegThreadData = z.object({
  /** Compiled, which threads share. */
  module: z.instanceof(WebAssembly.Module),
  niceness: z.int(),
});
export type FfmpegThreadData = z.infer<typeof FfmpegThreadData>;
