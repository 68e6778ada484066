import type { Words } from '../domain/languages/languages.ts';
import type { Suggestion, SuggestionRequest } from '../domain/surface.ts';
import type { Command } from './command.ts';
import type { Services } from './services.ts';

/** What an option of a command could be, the best first. */
export async function suggestions(
  _services: Services,
  _command: Command,
  _request: SuggestionRequest,
  _words: Words,
): Promise<readonly Suggestion[]> {
  return [];
}
