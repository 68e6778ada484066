import { z } from 'zod';
import { ChatMessage } from '../../../domain/examples.ts';
import { EmbeddedFault } from './embedded-fault.ts';
import type { LearnedPrompt } from './learning.ts';

/** Says what the file is to whoever opens it; the version is that of the lines that follow. */
const FORMAT = 'training-ledger embedded model';
const VERSION = 1;

const Header = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  /** The SHA-256 of the dataset that it was made from. */
  dataset: z.string().regex(/^[0-9a-f]{64}$/),
  prompts: z.int().nonnegative(),
});
const Prompt = z.object({
  line: z.int().positive(),
  messages: z.array(ChatMessage).min(1),
  completion: z.string().nullable(),
  rejected: z.array(z.string()),
});

/** A file that is not a model, or not one that this version reads. */
export class UnreadableModel extends EmbeddedFault {
  override readonly name = 'UnreadableModel';
}

/**
 * A model file: JSON Lines, a header and then a line for each learned prompt. Nothing of its bytes depends on
 * anything but what was learned. The search index is not in it: it is built when the model is loaded.
 */
export function* writeModel(dataset: string, prompts: readonly LearnedPrompt[]): Generator<string> {
  yield line({ format: FORMAT, version: VERSION, dataset, prompts: prompts.length });
  for (const { line: number, messages, completion, rejected } of prompts) {
    yield line({
      line: number,
      messages: messages.map(({ role, content }) => ({ role, content })),
      completion,
      rejected,
    });
  }
}

function line(content: object): string {
  return `${JSON.stringify(content)}\n`;
}

export interface ModelContent {
  readonly dataset: string;
  readonly prompts: readonly LearnedPrompt[];
}

/** @throws UnreadableModel */
export async function readModel(lines: AsyncIterable<string>): Promise<ModelContent> {
  let header: z.infer<typeof Header> | null = null;
  const prompts: LearnedPrompt[] = [];
  for await (const text of lines) {
    if (header === null) header = parse(Header, text);
    else prompts.push(parse(Prompt, text));
  }
  if (header === null || header.prompts !== prompts.length) throw new UnreadableModel({ kind: 'incomplete' });
  return { dataset: header.dataset, prompts };
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new UnreadableModel({ kind: 'otherVersion' }, { cause: error });
  }
}
