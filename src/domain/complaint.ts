import type { z } from 'zod';
import type { InWords } from './refusal.ts';

/**
 * What a check of a zod schema says where it fails, in the language of whoever reads it: the second argument of
 * `refine`. `complaintOf` finds it again.
 */
export function complaint(inWords: InWords): { readonly params: { readonly inWords: InWords } } {
  return { params: { inWords } };
}

/** What the first issue says, without a full stop. */
export function complaintOf({ issues: [issue] }: z.ZodError): InWords {
  return (words) => {
    if (issue === undefined) return words.complaints.unclear;
    const inWords: unknown = issue.code === 'custom' ? issue.params?.inWords : undefined;
    return typeof inWords === 'function' ? String(inWords(words)) : words.complaints.ofSchema(issue);
  };
}
