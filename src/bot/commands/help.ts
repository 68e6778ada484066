import { z } from 'zod';
import type { Words } from '../../domain/languages/languages.ts';
import { Refusal } from '../../domain/refusal.ts';
import { type Command, defineCommand, wordsOfCommand } from '../command.ts';
import { describeOptions, positional, usageOf, Word } from '../options.ts';
import { excerpt } from '../words.ts';

export const help = defineCommand({
  name: 'help',
  right: 'everyone',
  options: z.object({ command: positional(Word.optional()) }),
  run: async ({ services, incoming, commands, words }, options) => {
    const { prefix } = services.settings;
    const here = commands.filter(({ surfaces }) => surfaces?.includes(incoming.surface) ?? true);
    if (options.command === undefined) return overview(prefix, here, words);
    const name = options.command.startsWith(prefix) ? options.command.slice(prefix.length) : options.command;
    const command = here.find((candidate) => candidate.name === name.toLowerCase());
    if (command === undefined)
      throw new Refusal(`There is no command ${prefix}${excerpt(name, 40)}; ${prefix}help lists them all.`);
    return explanation(prefix, command, words);
  },
});

function overview(prefix: string, commands: readonly Command[], words: Words) {
  const listed = commands.map(({ name, right }) => ({
    name,
    summary: wordsOfCommand(words, name).summary,
    right,
  }));
  return {
    text: [
      `Anything that does not start with ${prefix} is a question to the model. The commands:`,
      ...listed.map(({ name, summary }) => `${prefix}${name}: ${summary}`),
      `${prefix}help NAME explains one. Ids may be shortened, and last means the latest one.`,
    ].join('\n'),
    data: { commands: listed },
  };
}

function explanation(prefix: string, { name, right, options }: Command, words: Words) {
  const { summary, example, options: meanings } = wordsOfCommand(words, name);
  const usage = usageOf(prefix, name, options);
  const described = describeOptions(options).map(({ name: option, placement, required }) => ({
    name: option,
    placement,
    description: meanings[option]?.description ?? '',
    required,
  }));
  return {
    text: [
      `${prefix}${name} ${summary}${right === 'trainer' ? ' (trainers only)' : ''}.`,
      `Usage: ${usage}`,
      ...described.map((option) => `  ${option.name}: ${option.description}`),
      `Example: ${prefix}${example}`,
    ].join('\n'),
    data: { name, summary, right, usage, example: `${prefix}${example}`, options: described },
  };
}
