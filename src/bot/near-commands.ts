import { closest, distance } from 'fastest-levenshtein';
import { languages, languageTags } from '../domain/languages/languages.ts';
import { type Command, commandNamed, wordsOfCommand } from './command.ts';

/** What somebody perhaps meant who asked for this; null where nothing is near. */
export function nearestCommand(commands: readonly Command[], name: string): string | null {
  const near = closest(name, namesOf(commands));
  return distance(near, name) <= Math.min(Math.max(2, name.length / 3), name.length - 1) ? near : null;
}

/**
 * Whether it is a command or a slip of one: a letter more, less or another, or two that changed places. Short names
 * of other bots' commands are two letters away from one of ours too easily.
 */
export function isNearly(commands: readonly Command[], name: string): boolean {
  if (commandNamed(commands, name) !== undefined) return true;
  return namesOf(commands).some((known) => {
    const slips = distance(known, name);
    return name.length > 2 && (slips === 1 || (slips === 2 && sorted(known) === sorted(name)));
  });
}

function namesOf(commands: readonly Command[]): string[] {
  return languageTags.flatMap((tag) =>
    commands.map((command) => wordsOfCommand(languages[tag], command.name).name),
  );
}

function sorted(word: string): string {
  return [...word].sort().join('');
}
