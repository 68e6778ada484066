import type { english } from './english/english.ts';

/** What a language must have words for. A missing one does not pass the type check. */
export type Words = typeof english;
