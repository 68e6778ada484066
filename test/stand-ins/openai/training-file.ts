import { z } from 'zod';

/** What a model learns from one example. */
export interface Lesson {
  readonly question: string;
  readonly answer: string;
}

const Message = z.strictObject({
  role: z.enum(['system', 'user', 'assistant', 'developer', 'tool', 'function']),
  content: z.string(),
  name: z.string().optional(),
  weight: z.union([z.literal(0), z.literal(1)]).optional(),
});
const Supervised = z.strictObject({ messages: z.array(Message).min(1) });
const Preference = z.strictObject({
  input: z.strictObject({ messages: z.array(Message).min(1) }),
  preferred_output: z.array(Message).length(1),
  non_preferred_output: z.array(Message).length(1),
});

const MIN_EXAMPLES = 10;
const RESERVED = /<\|(?:endoftext|endofprompt|im_start|im_end|im_sep|fim_prefix|fim_middle|fim_suffix)\|>/;

/** A file that a model cannot be trained on, with what is wrong with it. */
export class InvalidTrainingFile extends Error {}

/**
 * What stands in an uploaded file, as the API takes it.
 * @throws InvalidTrainingFile
 */
export function lessonsOf(content: Uint8Array, method: 'supervised' | 'dpo'): readonly Lesson[] {
  const lines = Buffer.from(content).toString().split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length < MIN_EXAMPLES) {
    throw new InvalidTrainingFile(
      `Training file has ${lines.length} example(s), but must have at least ${MIN_EXAMPLES} examples`,
    );
  }
  return lines.map((line, index) => lessonOf(line, index + 1, method));
}

function lessonOf(line: string, number: number, method: 'supervised' | 'dpo'): Lesson {
  if (RESERVED.test(line)) throw new InvalidTrainingFile(`Line ${number} has a reserved token in it`);
  try {
    const content: unknown = JSON.parse(line);
    return method === 'dpo' ? preferred(content) : taught(content);
  } catch (error) {
    if (error instanceof InvalidTrainingFile) throw error;
    throw new InvalidTrainingFile(`Invalid file format. Line ${number}: ${error}`);
  }
}

function taught(content: unknown): Lesson {
  const { messages } = Supervised.parse(content);
  const answer = messages.at(-1);
  if (answer?.role !== 'assistant') {
    throw new InvalidTrainingFile('The last message must be from the assistant');
  }
  return { question: questionOf(messages), answer: answer.content };
}

function preferred(content: unknown): Lesson {
  const { input, preferred_output } = Preference.parse(content);
  return { question: questionOf(input.messages), answer: preferred_output[0]?.content ?? '' };
}

function questionOf(messages: readonly z.output<typeof Message>[]): string {
  return messages.findLast(({ role }) => role === 'user')?.content ?? '';
}
