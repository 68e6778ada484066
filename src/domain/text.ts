import { z } from 'zod';

/** UTF-16 units; with everything that stands around it, such a text fits into one event. */
export const MAX_TEXT_LENGTH = 100_000;

/** What a person wrote, kept to the letter: any script, any direction, but nothing that cannot be stored or shown. */
export const MemberText = z
  .string()
  .refine((text) => text.trim() !== '', 'it is empty; write something')
  .refine((text) => text.length <= MAX_TEXT_LENGTH, {
    error: ({ input }) =>
      `it has ${String(input).length} characters and at most ${MAX_TEXT_LENGTH} are taken; shorten it or send a file`,
  })
  .refine((text) => !text.includes('\0'), 'it holds a NUL character; leave that out')
  .refine((text) => text.isWellFormed(), 'it is not valid Unicode; send it as UTF-8');
