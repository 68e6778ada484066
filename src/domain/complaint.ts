import type { z } from 'zod';
import { english } from './languages/english/english.ts';
import type { InWords } from './refusal.ts';

/**
 * What a check of a zod schema says where it fails, in the language of whoever reads it: the second argument of
 * `refine`. The message of the issue has it in English.
 */
export function complaint(inWords: InWords): {
  readonly error: string;
  readonly params: { readonly inWords: InWords };
} {
  return { error: inWords(english), params: { inWords } };
}

/** What the first issue says, without a full stop. */
export function complaintOf({ issues: [issue] }: z.ZodError): InWords {
  return (words) => {
    if (issue === undefined) return words.complaints.unclear;
    const inWords: unknown = issue.code === 'custom' ? issue.params?.inWords : undefined;
    return typeof inWords === 'function' ? String(inWords(words)) : words.complaints.ofSchema(issue);
  };
}
