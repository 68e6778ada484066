import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { UnsuitableSetting } from './unsuitable-setting.ts';

const placeholders = ['train', 'valid', 'base_model', 'method', 'out', 'seed', 'config', 'job_dir'] as const;
type Placeholder = (typeof placeholders)[number];

/** What stands for each placeholder of one job. */
export type Values = Readonly<Record<Placeholder, string>>;

/** A program and its arguments, as they are handed over: no shell reads them. */
export type CommandTemplate = readonly [string, ...string[]];

const Arguments = z.tuple([z.string().min(1)], z.string());
const PLACEHOLDER = /\{([a-z][a-z_]*)\}/g;

/**
 * Reads a JSON array of texts, or words with spaces between them where no argument has one in it. A program
 * named by a relative path is looked for in the bot's directory.
 * @throws UnsuitableSetting
 */
export function parseCommand(text: string, directory: string): CommandTemplate {
  const { success, data } = Arguments.safeParse(listed(text.trim()));
  if (!success || text.includes('\0'))
    throw new UnsuitableSetting('it is neither words nor a JSON array of texts that begins with the program');
  for (const argument of data) checkPlaceholders(argument);
  const [program, ...rest] = data;
  return [/[\\/]/.test(program) && !isAbsolute(program) ? resolve(directory, program) : program, ...rest];
}

/** The argument list of one job. */
export function fillCommand(template: CommandTemplate, values: Values): [string, ...string[]] {
  const fill = (argument: string) =>
    argument.replace(PLACEHOLDER, (whole, name: string) => (isPlaceholder(name) ? values[name] : whole));
  const [program, ...rest] = template;
  return [fill(program), ...rest.map(fill)];
}

function listed(text: string): unknown {
  if (!text.startsWith('[')) return text.split(/\s+/);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checkPlaceholders(argument: string): void {
  for (const [whole, name = ''] of argument.matchAll(PLACEHOLDER)) {
    if (!isPlaceholder(name)) {
      const known = placeholders.map((each) => `{${each}}`).join(' ');
      throw new UnsuitableSetting(`${whole} is no placeholder; there are ${known}`);
    }
  }
}

function isPlaceholder(name: string): name is Placeholder {
  return placeholders.some((placeholder) => placeholder === name);
}
