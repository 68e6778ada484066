import { z } from 'zod';
import type { InWords } from './refusal.ts';

/** What is said beside an answer, not in it. */
export const PredictionNote = z.discriminatedUnion('kind', [
  /** So many of the conversation's earliest messages did not fit into the model's window. */
  z.object({ kind: z.literal('context_cut'), messages: z.int().positive() }),
  /** The answer reached the most that it may be long, and ends in the middle. */
  z.object({ kind: z.literal('answer_cut') }),
]);
export type PredictionNote = z.infer<typeof PredictionNote>;

export function noteInWords(note: PredictionNote): InWords {
  switch (note.kind) {
    case 'context_cut':
      return ({ openai }) => openai.notes.contextCut(note.messages);
    case 'answer_cut':
      return ({ openai }) => openai.notes.answerCut;
  }
}
