import type { ChatMessage } from '../../../domain/examples.ts';

/**
 * Counts the tokens of a text with the vocabulary of OpenAI's newer models, which for the models of others is an
 * estimate.
 */
export type CountTokens = (text: string) => number;

/** A long run without a boundary costs the square of its length: 200,000 letters would take more than a minute. */
const MAX_SLICE = 256;
/** What the chat format puts around each message, and before the answer. */
const TOKENS_A_MESSAGE = 4;
const TOKENS_A_CHAT = 3;
/** What looks like a special token in a text is text. */
const AS_TEXT = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

let loading: Promise<CountTokens> | null = null;

/** The vocabulary takes 75 MB of memory, so it is loaded when something has to be counted. */
export function loadCounter(): Promise<CountTokens> {
  loading ??= import('gpt-tokenizer/encoding/o200k_base').then(({ countTokens }) => (text) => {
    let tokens = 0;
    for (const slice of slicesOf(text)) tokens += countTokens(slice, AS_TEXT);
    return tokens;
  });
  return loading;
}

/** More than what a counter would find, and found without one: no token is shorter than a byte. */
export function mostTokensOf(messages: readonly ChatMessage[]): number {
  return tokensOf(messages, Buffer.byteLength);
}

export function tokensOf(messages: readonly ChatMessage[], count: CountTokens): number {
  return messages.reduce((sum, { content }) => sum + count(content) + TOKENS_A_MESSAGE, TOKENS_A_CHAT);
}

/** At white space where there is some near, so that hardly any token is cut. */
function* slicesOf(text: string): Generator<string> {
  let start = 0;
  while (text.length - start > MAX_SLICE) {
    const space = text.lastIndexOf(' ', start + MAX_SLICE);
    const end = space > start ? space : start + MAX_SLICE;
    yield text.slice(start, end);
    start = end;
  }
  yield text.slice(start);
}
