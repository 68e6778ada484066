import { z } from 'zod';
import { complaint } from './complaint.ts';
import { sortedJson } from './sorted-json.ts';

export const ChatMessage = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string().min(1),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

const PromptMessages = z
  .array(ChatMessage)
  .min(1)
  .refine(
    (messages) => messages.at(-1)?.role === 'user',
    complaint(({ examples }) => examples.lastOfPrompt),
  );

const AssistantReply = z.tuple([z.object({ role: z.literal('assistant'), content: z.string().min(1) })]);

/** `sft` teaches an answer, `dpo` prefers one answer to another, `kto` marks an answer good or bad. */
export const DatasetFormat = z.enum(['sft', 'dpo', 'kto']);
export type DatasetFormat = z.infer<typeof DatasetFormat>;

export const SftExample = z.strictObject({
  messages: z
    .array(ChatMessage)
    .min(2)
    .refine(
      (messages) => messages.at(-1)?.role === 'assistant',
      complaint(({ examples }) => examples.lastOfChat),
    )
    .refine(
      (messages) => messages.some(({ role }) => role === 'user'),
      complaint(({ examples }) => examples.noUser),
    ),
});
/** OpenAI's preference format. */
export const DpoExample = z.strictObject({
  input: z.object({ messages: PromptMessages }),
  preferred_output: AssistantReply,
  non_preferred_output: AssistantReply,
});
/** TRL's conversational unpaired preference format. */
export const KtoExample = z.strictObject({
  prompt: PromptMessages,
  completion: AssistantReply,
  label: z.boolean(),
});
export type SftExample = z.infer<typeof SftExample>;
export type DpoExample = z.infer<typeof DpoExample>;
export type KtoExample = z.infer<typeof KtoExample>;

/** One training example: a line of a dataset file. */
export type TrainingExample =
  | ({ readonly format: 'sft' } & SftExample)
  | ({ readonly format: 'dpo' } & DpoExample)
  | ({ readonly format: 'kto' } & KtoExample);

/** The line of a dataset file, RFC 8785 canonical JSON and one line feed: the same example gives the same bytes. */
export function datasetLine(example: TrainingExample): string {
  return `${sortedJson(sortedContent(example))}\n`;
}

function sortedContent(example: TrainingExample): object {
  switch (example.format) {
    case 'sft':
      return { messages: example.messages.map(sortedMessage) };
    case 'dpo':
      return {
        input: { messages: example.input.messages.map(sortedMessage) },
        non_preferred_output: example.non_preferred_output.map(sortedMessage),
        preferred_output: example.preferred_output.map(sortedMessage),
      };
    case 'kto':
      return {
        completion: example.completion.map(sortedMessage),
        label: example.label,
        prompt: example.prompt.map(sortedMessage),
      };
  }
}

function sortedMessage({ content, role }: ChatMessage): ChatMessage {
  return { content, role };
}

/** In bytes of UTF-8. */
export function isLongerThan(maxBytes: number, line: string): boolean {
  // A UTF-16 unit takes at most three bytes, so most lines need no counting.
  return line.length * 3 > maxBytes && new TextEncoder().encode(line).length > maxBytes;
}

/**
 * A line of a dataset file as an example again.
 * @throws z.ZodError or SyntaxError where the line is not one of that format
 */
export function parseDatasetLine(format: DatasetFormat, line: string): TrainingExample {
  const content: unknown = JSON.parse(line);
  switch (format) {
    case 'sft':
      return { format, ...SftExample.parse(content) };
    case 'dpo':
      return { format, ...DpoExample.parse(content) };
    case 'kto':
      return { format, ...KtoExample.parse(content) };
  }
}

/** An example in another format, or nothing where it says nothing in that format. */
export function convertExample(example: TrainingExample, format: DatasetFormat): readonly TrainingExample[] {
  if (example.format === format) return [example];
  const judged = judgements(example);
  if (format === 'kto') return judged.filter(asksSomething).map((judgement) => ({ format, ...judgement }));
  if (format === 'dpo') return [];
  return judged
    .filter(({ label }) => label)
    .map(({ prompt, completion }) => ({ format, messages: [...prompt, ...completion] }));
}

/** `sft` also takes a turn of the assistant's own, or a system message, before the answer; `kto` a question only. */
function asksSomething({ prompt }: KtoExample): boolean {
  return prompt.at(-1)?.role === 'user';
}

/** What an example says is a good (`label: true`) and a bad answer to its prompt. */
export function judgements(example: TrainingExample): readonly KtoExample[] {
  switch (example.format) {
    case 'sft': {
      const reply = AssistantReply.parse(example.messages.slice(-1));
      return [{ prompt: example.messages.slice(0, -1), completion: reply, label: true }];
    }
    case 'dpo':
      return [
        { prompt: example.input.messages, completion: example.preferred_output, label: true },
        { prompt: example.input.messages, completion: example.non_preferred_output, label: false },
      ];
    case 'kto':
      return [{ prompt: example.prompt, completion: example.completion, label: example.label }];
  }
}
