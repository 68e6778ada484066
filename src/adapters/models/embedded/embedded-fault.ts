import { z } from 'zod';
import { embedded as inEnglish } from '../../../domain/languages/english/embedded.ts';
import type { Words } from '../../../domain/languages/words.ts';
import type { InWords } from '../../../domain/refusal.ts';

/** Why a model cannot be made or asked, as one thread tells it to another. */
export const Fault = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['incomplete', 'otherVersion', 'notUtf8', 'tooLarge', 'threadEnded']) }),
  z.object({ kind: z.literal('tooManyWords'), most: z.int() }),
]);
export type Fault = z.infer<typeof Fault>;

/** A fault that people are told of in their language; the message has it in English. */
export class EmbeddedFault extends Error {
  readonly fault: Fault;

  constructor(fault: Fault, options?: ErrorOptions) {
    // Threads that train and answer are to load these few words and not those of the whole bot.
    super(describeFault(fault, inEnglish), options);
    this.fault = fault;
  }
}

export function faultInWords(fault: Fault): InWords {
  return ({ embedded }) => describeFault(fault, embedded);
}

function describeFault(fault: Fault, words: Words['embedded']): string {
  return fault.kind === 'tooManyWords' ? words.tooManyWords(fault.most) : words.faults[fault.kind];
}
