import { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import { LearnedFrom } from '../../../domain/events.ts';
import { ChatMessage } from '../../../domain/examples.ts';
import { Fault } from './embedded-fault.ts';

/** What the answering worker is asked for; models go by the SHA-256 of their file, which is read from the port. */
export const AnsweringRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('load'), id: z.int(), model: z.string(), source: z.instanceof(MessagePort) }),
  z.object({ kind: z.literal('recall'), id: z.int(), model: z.string(), messages: z.array(ChatMessage) }),
  z.object({ kind: z.literal('forget'), id: z.int(), model: z.string() }),
]);
export type AnsweringRequest = z.infer<typeof AnsweringRequest>;

export const Recollection = z.object({ completion: z.string(), learnedFrom: LearnedFrom });
export type Recollection = z.infer<typeof Recollection>;

/** What comes back for the request with that id. */
export const AnsweringReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id: z.int() }),
  z.object({ kind: z.literal('recalled'), id: z.int(), recollection: Recollection.nullable() }),
  /** The reason is English; a fault that is known can be told in any language. */
  z.object({ kind: z.literal('failed'), id: z.int(), reason: z.string(), fault: Fault.nullable() }),
]);
export type AnsweringReply = z.infer<typeof AnsweringReply>;
