import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandNamed, optionPlaces, spellingOf, wordsOfCommand } from '../../src/bot/command.ts';
import { commands } from '../../src/bot/commands/all.ts';
import { splitCommand, splitOptions } from '../../src/bot/input.ts';
import { parseOptions } from '../../src/bot/options.ts';
import { type Language, languages, languageTags, type Words } from '../../src/domain/languages/languages.ts';

/** As Discord takes the names of commands and options. */
const NAME = /^[-_'\p{L}\p{N}]{1,32}$/u;
const folders: Readonly<Record<Language, string>> = { en: 'english', ru: 'russian' };

const every = languageTags.flatMap((tag) =>
  Object.entries(languages[tag].commands).map(([name, words]) => ({ tag, name, words })),
);

function sourcesOf(tag: Language): string[] {
  const folder = join(import.meta.dirname, '../../src/domain/languages', folders[tag]);
  return readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
}

describe('the words of every command', () => {
  it.each(every)('$tag: $name keep to the limits of Discord', ({ words }) => {
    const options: readonly { readonly name: string; readonly description: string }[] = Object.values(
      words.options,
    );
    for (const name of [words.name, ...options.map((option) => option.name)]) {
      expect(name).toMatch(NAME);
      expect(name).toBe(name.toLowerCase());
    }
    for (const text of [words.summary, ...options.map(({ description }) => description)]) {
      expect([...text].length).toBeGreaterThan(0);
      expect([text, [...text].length <= 100]).toEqual([text, true]);
    }
    expect(new Set(options.map(({ name }) => name)).size).toBe(options.length);
  });

  it('call no two commands the same, in whatever language they are called', () => {
    const owners = new Map<string, string>();
    for (const { name, words } of every) {
      expect([words.name, owners.get(words.name) ?? name]).toEqual([words.name, name]);
      owners.set(words.name, name);
    }
    for (const command of commands)
      for (const tag of languageTags)
        expect(commandNamed(commands, wordsOfCommand(languages[tag], command.name).name)).toBe(command);
  });

  it('call no two options of a command the same, in whatever language they are called', () => {
    for (const command of commands) {
      const names = optionPlaces(command).map(({ name, aliases = [] }) => new Set([name, ...aliases]));
      const all = names.flatMap((of) => [...of]);
      expect([command.name, new Set(all).size]).toEqual([command.name, all.length]);
      // A line tells an option by its name and the sign after it.
      for (const name of all) expect(name).toMatch(/^[\p{Ll}_]{1,32}$/u);
    }
  });

  it.each(languageTags.flatMap((tag) => commands.map((command) => ({ tag, name: command.name, command }))))(
    '$tag: the example of $name works as it stands',
    ({ tag, command }) => {
      const { example, name } = wordsOfCommand(languages[tag], command.name);
      const split = splitCommand(`!${example}`, '!');
      expect(split?.name).toBe(name);
      const raw = splitOptions(split?.rest ?? '', optionPlaces(command));
      const spelled = (words: Words) => spellingOf(words, '!', command.name, command.options);
      expect(() => parseOptions(command.options, raw, spelled)).not.toThrow();
    },
  );
});

describe('every sentence', () => {
  it.each(languageTags)('%s: names commands that there are, in its own language', (tag) => {
    const known = new Set(Object.values(languages[tag].commands).map(({ name }) => name));
    const named = sourcesOf(tag).flatMap((text) =>
      [...text.matchAll(/(?:(?<![\p{L}\p{N})\]])!|\$\{prefix\})(?<name>\p{Ll}[\p{L}_]+)/gu)].map(
        ({ groups }) => groups?.name ?? '',
      ),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});
