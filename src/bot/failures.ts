import { UnreadableEvent } from '../domain/events.ts';
import type { Words } from '../domain/languages/languages.ts';
import { DISK_FULL, LedgerError } from '../domain/ledger.ts';
import { Refusal } from '../domain/refusal.ts';
import { withPrefix } from './prefix.ts';
import { excerpt } from './words.ts';

/** What should never happen. */
export function isFault(error: unknown): boolean {
  return !(error instanceof Refusal || error instanceof LedgerError);
}

/** What goes by, and is nobody's mistake. */
export function isAway(error: unknown): boolean {
  return error instanceof LedgerError && error.fault.kind === 'unavailable';
}

/** What a person is told. @param prefix what commands begin with there */
export function sentenceFor(error: unknown, words: Words, prefix: string): string {
  if (error instanceof Refusal) return withPrefix(error.inWords(words), prefix);
  if (error instanceof LedgerError) return ledgerSentence(error, words);
  if (error instanceof UnreadableEvent) return words.ledger.unreadable[error.writer];
  return words.bot.fault(excerpt(error instanceof Error ? error.message : String(error)));
}

function ledgerSentence({ fault }: LedgerError, { ledger }: Words): string {
  switch (fault.kind) {
    case 'conflict':
      return ledger.conflict;
    case 'too_large':
      return ledger.tooLarge;
    case 'not_json':
      return ledger.notJson(fault.reason);
    case 'unavailable':
      if (fault.reason === DISK_FULL) return ledger.full;
      return fault.written === 'no' ? ledger.notWritten(fault.reason) : ledger.perhapsWritten(fault.reason);
  }
}
