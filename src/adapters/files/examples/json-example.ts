import { z } from 'zod';
import { DpoExample, KtoExample, SftExample, type TrainingExample } from '../../../domain/examples.ts';
import type { Outcome } from './example-format.ts';
import { fieldComplaint, firstIssue, kindOf } from './issue-in-words.ts';

const Text = z
  .string()
  .refine((text) => text.trim() !== '', fieldComplaint('empty'))
  .refine((text) => !text.includes('\0'), fieldComplaint('nul'))
  .refine((text) => text.isWellFormed(), fieldComplaint('halfCharacter'));

const TextPart = z.object({ type: z.literal('text'), text: z.string() });

/** Text, or text in parts as OpenAI takes it. */
const Content = z.preprocess((content, context) => {
  if (!Array.isArray(content)) return content;
  const texts: string[] = [];
  for (const part of content) {
    const parsed = TextPart.safeParse(part);
    if (parsed.success) {
      texts.push(parsed.data.text);
    } else {
      context.addIssue({ code: 'custom', ...fieldComplaint('notText') });
      return z.NEVER;
    }
  }
  return texts.join('');
}, Text);

const Message = z
  .looseObject({})
  .superRefine((message, context) => {
    if (isCall(message.tool_calls) || isCall(message.function_call)) {
      context.addIssue({ code: 'custom', ...fieldComplaint('toolCall') });
    }
  })
  .pipe(
    z.object({
      role: z.preprocess(
        (role) => (role === 'developer' ? 'system' : role),
        z.enum(['system', 'user', 'assistant']),
      ),
      content: Content,
    }),
  );

const Messages = z.array(Message);

const Chat = z
  .object({ messages: Messages })
  .pipe(SftExample)
  .transform((content) => ({ format: 'sft' as const, ...content }));

const Pair = z.object({ prompt: Text, completion: Text }).transform(({ prompt, completion }) => ({
  format: 'sft' as const,
  messages: [
    { role: 'user' as const, content: prompt },
    { role: 'assistant' as const, content: completion },
  ],
}));

const Preference = z
  .object({
    input: z.object({ messages: Messages }),
    preferred_output: Messages,
    non_preferred_output: Messages,
  })
  .pipe(DpoExample)
  .transform((content) => ({ format: 'dpo' as const, ...content }));

/** TRL writes prompt and completion as text or as messages. */
const Labelled = z
  .object({ prompt: messagesOr('user'), completion: messagesOr('assistant'), label: z.boolean() })
  .pipe(KtoExample)
  .transform((content) => ({ format: 'kto' as const, ...content }));

/** A value as it stands in a file, in any of the formats that people have. Fields that are not read are let be. */
export function exampleFromJson(value: unknown): Outcome {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const kind = kindOf(value);
    return { reason: ({ examples }) => examples.noFields(kind) };
  }
  const schema = schemaFor(value);
  if (schema === undefined) {
    return { reason: ({ examples }) => examples.otherFields };
  }
  const parsed = schema.safeParse(value, { reportInput: true });
  return parsed.success ? { example: parsed.data } : { reason: firstIssue(parsed.error) };
}

function schemaFor(value: object): z.ZodType<TrainingExample> | undefined {
  if ('messages' in value) return Chat;
  if (['input', 'preferred_output', 'non_preferred_output'].some((field) => field in value))
    return Preference;
  if ('label' in value || ('prompt' in value && Array.isArray(value.prompt))) return Labelled;
  return 'prompt' in value || 'completion' in value ? Pair : undefined;
}

function isCall(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;
}

function messagesOr(role: 'user' | 'assistant') {
  return z.preprocess((value) => (typeof value === 'string' ? [{ role, content: value }] : value), Messages);
}
