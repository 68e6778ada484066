import type { TrainingExample } from '../../../src/domain/examples.ts';
import { type Language, languages } from '../../../src/domain/languages/languages.ts';
import type { ReadExample } from '../../../src/domain/ports.ts';

/** A place in a file and what stands there, with the reason as a person reads it. */
export type Read =
  | { readonly line: number; readonly example: TrainingExample }
  | { readonly line: number; readonly reason: string };

export function inLanguage(language: Language, found: readonly ReadExample[]): Read[] {
  return found.map((entry) =>
    'example' in entry ? entry : { line: entry.line, reason: entry.reason(languages[language]) },
  );
}
