import type OpenAI from 'openai';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import type { ServerClock } from './clock.ts';
import type { Models } from './models.ts';
import { type Answer, json, type Route } from './route.ts';

type ChatCompletion = OpenAI.Chat.Completions.ChatCompletion;
type ChatCompletionChunk = OpenAI.Chat.Completions.ChatCompletionChunk;
type Choice = ChatCompletionChunk['choices'][number];
type FinishReason = ChatCompletion['choices'][number]['finish_reason'];

const Completion = z.looseObject({
  model: z.string(),
  messages: z
    .array(
      z.looseObject({
        role: z.enum(['system', 'user', 'assistant', 'developer', 'tool']),
        content: z.string(),
      }),
    )
    .min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_completion_tokens: z.int().positive().nullish(),
  safety_identifier: z.string().max(64).nullish(),
});

/** Chat completions. A word is a token here. */
export class Chat {
  readonly #clock: ServerClock;
  readonly #models: Models;
  #completions = 0;
  /** In tokens. */
  window = 128_000;
  /** In ms, before each word of a streamed answer; 0 for all at once. */
  everyMs = 0;
  /** What the next completions say in place of what the model knows. */
  readonly next: { readonly content?: string; readonly refusal?: string; readonly finish?: FinishReason }[] =
    [];

  constructor(clock: ServerClock, models: Models) {
    this.#clock = clock;
    this.#models = models;
  }

  get routes(): readonly Route[] {
    return [{ name: 'POST /chat/completions', handle: ({ body }) => this.#complete(body) }];
  }

  #complete(body: unknown): Answer {
    const parsed = Completion.safeParse(body);
    if (!parsed.success) throw new ApiError(400, z.prettifyError(parsed.error));
    const { model, messages, stream, stream_options, max_completion_tokens } = parsed.data;
    const prompt = messages.reduce((sum, { content }) => sum + wordsOf(content).length, 0);
    if (prompt > this.window) {
      throw new ApiError(400, `This model's maximum context length is ${this.window} tokens.`, {
        param: 'messages',
        code: 'context_length_exceeded',
      });
    }
    const question = messages.findLast(({ role }) => role === 'user')?.content ?? '';
    const told = this.#models.answer(model, question);
    const { content = told, refusal = null, finish = 'stop' } = this.next.shift() ?? {};
    const words = wordsOf(content);
    const kept = words.slice(0, max_completion_tokens ?? words.length);
    const finish_reason = kept.length < words.length ? 'length' : finish;
    this.#completions += 1;
    const common = { id: `chatcmpl-${this.#completions}`, created: this.#clock.seconds, model };
    const usage = {
      prompt_tokens: prompt,
      completion_tokens: kept.length,
      total_tokens: prompt + kept.length,
    };
    const pieces = refusal === null ? kept : [];
    if (stream === true) {
      const include = stream_options?.include_usage === true;
      const chunks = chunksOf({ common, pieces, refusal, finish_reason, usage: include ? usage : null });
      return { kind: 'events', events: chunks, ...(this.everyMs > 0 && { everyMs: this.everyMs }) };
    }
    return json({
      ...common,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          finish_reason,
          logprobs: null,
          message: { role: 'assistant', content: refusal === null ? kept.join('') : null, refusal },
        },
      ],
      usage,
    } satisfies ChatCompletion);
  }
}

function chunksOf({
  common,
  pieces,
  refusal,
  finish_reason,
  usage,
}: {
  readonly common: Pick<ChatCompletionChunk, 'id' | 'created' | 'model'>;
  readonly pieces: readonly string[];
  readonly refusal: string | null;
  readonly finish_reason: FinishReason;
  readonly usage: OpenAI.CompletionUsage | null;
}): ChatCompletionChunk[] {
  const chunk = (delta: Choice['delta'], finish: Choice['finish_reason'] = null): ChatCompletionChunk => ({
    ...common,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }],
  });
  return [
    chunk({ role: 'assistant', content: '' }),
    ...pieces.map((content) => chunk({ content })),
    ...(refusal === null ? [] : [chunk({ refusal })]),
    chunk({}, finish_reason),
    ...(usage === null ? [] : [{ ...chunk({}), choices: [], usage }]),
  ];
}

/** With the white space before each, so that they make the text again. */
function wordsOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}
