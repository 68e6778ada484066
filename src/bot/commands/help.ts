import { z } from 'zod';
import { languages, type Words } from '../../domain/languages/languages.ts';
import { Refusal } from '../../domain/refusal.ts';
import { type Command, commandNamed, defineCommand, spellingOf, wordsOfCommand } from '../command.ts';
import { describeOptions, positional, Word } from '../options.ts';
import { excerpt } from '../words.ts';

export const help = defineCommand({
  name: 'help',
  right: 'everyone',
  options: z.object({ command: positional(Word.optional()) }),
  run: async ({ services, incoming, commands, words }, options) => {
    const { prefix } = services.settings;
    const here = commands.filter(({ surfaces }) => surfaces?.includes(incoming.surface) ?? true);
    if (options.command === undefined) return overview(prefix, here, words);
    const name = withoutSign(options.command, prefix);
    const command = commandNamed(here, name.toLowerCase());
    if (command === undefined) {
      const shown = `${prefix}${excerpt(name, 40)}`;
      throw new Refusal(({ help }) => help.noCommand({ shown, prefix }));
    }
    return explanation(prefix, command, words);
  },
});

/** As commands are written, or as they are chosen from a menu. */
function withoutSign(name: string, prefix: string): string {
  const sign = [prefix, '/', '!'].find((one) => name.startsWith(one)) ?? '';
  return name.slice(sign.length);
}

function overview(prefix: string, commands: readonly Command[], words: Words) {
  return {
    text: [
      words.help.heading(prefix),
      ...commands.map((command) => {
        const { name, summary } = wordsOfCommand(words, command.name);
        return `${prefix}${name}: ${summary}`;
      }),
      words.help.footing(prefix),
    ].join('\n'),
    data: {
      commands: commands.map(({ name, right }) => ({
        name,
        summary: wordsOfCommand(languages.en, name).summary,
        right,
      })),
    },
  };
}

function explanation(prefix: string, command: Command, words: Words) {
  const { name, right, options } = command;
  return {
    text: explanationIn(words, prefix, command),
    data: {
      name,
      summary: wordsOfCommand(languages.en, name).summary,
      right,
      usage: spellingOf(languages.en, prefix, name, options).usage,
      example: `${prefix}${wordsOfCommand(languages.en, name).example}`,
      options: describeOptions(options).map(({ name: option, placement, required }) => ({
        name: option,
        placement,
        description: wordsOfCommand(languages.en, name).options[option]?.description ?? '',
        required,
      })),
    },
  };
}

function explanationIn(words: Words, prefix: string, { name, right, options }: Command): string {
  const { name: called, summary, example, options: meanings } = wordsOfCommand(words, name);
  return [
    words.help.what({ command: `${prefix}${called}`, summary, who: right }),
    words.help.usage(spellingOf(words, prefix, name, options).usage),
    ...describeOptions(options).map(({ name: option }) => {
      const { name: known, description } = meanings[option] ?? { name: option, description: '' };
      return `  ${known}: ${description}`;
    }),
    words.help.example(`${prefix}${example}`),
  ].join('\n');
}
