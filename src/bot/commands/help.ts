import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { type Command, defineCommand } from '../command.ts';
import { describeOptions, positional, usageOf, Word } from '../options.ts';
import { excerpt } from '../words.ts';

export const help = defineCommand({
  name: 'help',
  summary: 'lists the commands, or explains one',
  example: 'help correct',
  right: 'everyone',
  options: z.object({ command: positional(Word.optional(), 'the command to explain') }),
  run: async ({ services, incoming, commands }, options) => {
    const { prefix } = services.settings;
    const here = commands.filter(({ surfaces }) => surfaces?.includes(incoming.surface) ?? true);
    if (options.command === undefined) return overview(prefix, here);
    const name = options.command.startsWith(prefix) ? options.command.slice(prefix.length) : options.command;
    const command = here.find((candidate) => candidate.name === name.toLowerCase());
    if (command === undefined)
      throw new Refusal(`There is no command ${prefix}${excerpt(name, 40)}; ${prefix}help lists them all.`);
    return explanation(prefix, command);
  },
});

function overview(prefix: string, commands: readonly Command[]) {
  const lines = commands.map(({ name, summary }) => `${prefix}${name}: ${summary}`);
  return {
    text: [
      `Anything that does not start with ${prefix} is a question to the model. The commands:`,
      ...lines,
      `${prefix}help NAME explains one. Ids may be shortened, and last means the latest one.`,
    ].join('\n'),
    data: { commands: commands.map(({ name, summary, right }) => ({ name, summary, right })) },
  };
}

function explanation(prefix: string, { name, summary, example, right, options }: Command) {
  const usage = usageOf(prefix, name, options);
  const described = describeOptions(options);
  return {
    text: [
      `${prefix}${name} ${summary}${right === 'trainer' ? ' (trainers only)' : ''}.`,
      `Usage: ${usage}`,
      ...described.map((option) => `  ${option.name}: ${option.description}`),
      `Example: ${prefix}${example}`,
    ].join('\n'),
    data: {
      name,
      summary,
      right,
      usage,
      example: `${prefix}${example}`,
      options: described.map((option) => ({ ...option })),
    },
  };
}
