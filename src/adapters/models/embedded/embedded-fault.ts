import { z } from 'zod';
import { languages } from '../../../domain/languages/languages.ts';
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
    super(faultInWords(fault)(languages.en), options);
    this.fault = fault;
  }
}

export function faultInWords(fault: Fault): InWords {
  return ({ embedded }) =>
    fault.kind === 'tooManyWords' ? embedded.tooManyWords(fault.most) : embedded.faults[fault.kind];
}
