import { z } from 'zod';

export const EspeakRequest = z.object({ id: z.int(), ssml: z.string(), voice: z.string() });
export type EspeakRequest = z.infer<typeof EspeakRequest>;

/** What comes for the request with that id: sound as it is made, and at last `said`, or why it cannot be said. */
export const EspeakReply = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('sound'),
    id: z.int(),
    rate: z.int().positive(),
    samples: z.instanceof(Int16Array<ArrayBuffer>),
  }),
  z.object({ kind: z.literal('said'), id: z.int() }),
  z.object({ kind: z.literal('failed'), id: z.int(), reason: z.string() }),
]);
export type EspeakReply = z.infer<typeof EspeakReply>;
