import type { ChatMessage } from '../../../domain/examples.ts';
import { loadCounter, mostTokensOf, tokensOf } from './tokens.ts';

export interface FittedMessages {
  readonly messages: readonly ChatMessage[];
  /** How many of the earliest ones were left out. */
  readonly leftOut: number;
}

/**
 * The newest messages that fit, with every system message; those kept never begin with an answer whose question is
 * missing.
 * @param budget in tokens, for the messages alone
 * @returns null where not even the last message fits
 */
export async function fitMessages(
  messages: readonly ChatMessage[],
  budget: number,
): Promise<FittedMessages | null> {
  if (mostTokensOf(messages) <= budget) return { messages, leftOut: 0 };
  const count = await loadCounter();
  for (let leftOut = 0; leftOut < messages.length; leftOut++) {
    const kept = withoutEarliest(messages, leftOut);
    if (kept !== null && tokensOf(kept, count) <= budget) {
      return { messages: kept, leftOut: messages.length - kept.length };
    }
  }
  return null;
}

/** Null where that leaves nothing, or what cannot stand alone. */
export function withoutEarliest(
  messages: readonly ChatMessage[],
  count: number,
): readonly ChatMessage[] | null {
  const system = messages.filter(({ role }) => role === 'system');
  const turns = messages.filter(({ role }) => role !== 'system').slice(count);
  if (turns.length === 0 || (count > 0 && turns[0]?.role === 'assistant')) return null;
  return count === 0 ? messages : [...system, ...turns];
}
