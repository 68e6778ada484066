import { hash } from 'node:crypto';
import type { ChatMessage } from '../../../domain/examples.ts';

/** Texts that differ only in their Unicode form or in the white space around them are one text. */
export function canonicalText(text: string): string {
  return text.normalize('NFC').trim();
}

/** Short and the same for the same text; prompts can be long and many. */
export function keyOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

export function keyOfMessages(messages: readonly ChatMessage[], form = (text: string) => text): string {
  return keyOf(JSON.stringify(messages.map(({ role, content }) => [role, form(content)])));
}

/** What is asked, where the last to speak was the user; system messages after that do not count. */
export function lastQuestion(messages: readonly ChatMessage[]): string | null {
  const last = messages.findLast(({ role }) => role !== 'system');
  return last?.role === 'user' ? last.content : null;
}
