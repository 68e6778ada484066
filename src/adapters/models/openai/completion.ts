import type OpenAI from 'openai';
import { z } from 'zod';
import { type Endpoint, TooSlow } from './endpoint.ts';
import { UnreadableAnswer } from './endpoint-fault.ts';

/** What a model said. */
export interface Completion {
  readonly text: string;
  /** The model itself declines to answer. */
  readonly refused: boolean;
  readonly end: 'complete' | 'cut' | 'filtered';
  readonly tokens: { readonly prompt: number; readonly completion: number } | null;
}

export type CompletionRequest = Pick<
  OpenAI.Chat.Completions.ChatCompletionCreateParams,
  'model' | 'messages' | 'max_completion_tokens' | 'safety_identifier'
>;

const Tokens = z.int().nonnegative();
/** How much was used is good to know, but no answer fails for it. */
const Usage = z.object({ prompt_tokens: Tokens, completion_tokens: Tokens }).nullish().catch(null);
const Content = z.object({ content: z.string().nullish(), refusal: z.string().nullish() });
const Whole = z.object({
  choices: z.array(z.object({ message: Content, finish_reason: z.string().nullish() })).min(1),
  usage: Usage,
});
const Chunk = z.object({
  choices: z.array(z.object({ delta: Content.nullish(), finish_reason: z.string().nullish() })).nullish(),
  usage: Usage,
});

/** @throws what faultOf tells apart */
export async function completeAtOnce(
  { client }: Endpoint,
  request: CompletionRequest,
  signal: AbortSignal,
): Promise<Completion> {
  const { choices, usage } = Whole.parse(await client.chat.completions.create(request, { signal }));
  const { content, refusal } = choices[0]?.message ?? {};
  return completionOf({
    content: content ?? '',
    refusal: refusal ?? '',
    finish: choices[0]?.finish_reason,
    usage,
  });
}

/**
 * Tells of the text as it grows.
 * @throws what faultOf tells apart: TooSlow where nothing comes for too long, UnreadableAnswer where the end is missing
 */
export async function completeBitByBit(
  { client, timeoutMs }: Endpoint,
  request: CompletionRequest,
  { signal, onText }: { readonly signal: AbortSignal; readonly onText: (textSoFar: string) => void },
): Promise<Completion> {
  const silence = new Deadline(timeoutMs);
  let content = '';
  let refusal = '';
  let finish: string | null = null;
  let usage: z.output<typeof Usage>;
  try {
    const stream = await client.chat.completions.create(
      { ...request, stream: true, stream_options: { include_usage: true } },
      { signal: AbortSignal.any([signal, silence.signal]) },
    );
    for await (const raw of stream) {
      silence.restart();
      const chunk = Chunk.parse(raw);
      const [choice] = chunk.choices ?? [];
      content += choice?.delta?.content ?? '';
      refusal += choice?.delta?.refusal ?? '';
      finish = choice?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
      if (choice?.delta?.content) onText(content);
    }
  } catch (error) {
    throw silence.signal.aborted ? new TooSlow() : error;
  } finally {
    silence.stop();
  }
  // The client ends a stream that is aborted as if it were complete.
  if (silence.signal.aborted) throw new TooSlow();
  signal.throwIfAborted();
  if (finish === null) throw new UnreadableAnswer('the stream ended too early');
  return completionOf({ content, refusal, finish, usage });
}

function completionOf({
  content,
  refusal,
  finish,
  usage,
}: {
  readonly content: string;
  readonly refusal: string;
  readonly finish: string | null | undefined;
  readonly usage: z.output<typeof Usage>;
}): Completion {
  return {
    text: content === '' ? refusal : content,
    refused: content === '' && refusal !== '',
    end: finish === 'length' ? 'cut' : finish === 'content_filter' ? 'filtered' : 'complete',
    tokens: usage ? { prompt: usage.prompt_tokens, completion: usage.completion_tokens } : null,
  };
}

/** Aborts its signal unless it is started again in time. */
class Deadline {
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(ms: number) {
    this.#timer = setTimeout(() => this.#abort.abort(), ms);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  restart(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
