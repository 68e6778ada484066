export const FENCE = '```';

/** A block of code between two fences, by its places in the text. */
export interface CodeBlock {
  /** Empty where none is named. */
  readonly language: string;
  readonly start: number;
  readonly codeStart: number;
  readonly codeEnd: number;
  readonly end: number;
}

const BLOCK = /```(?:([\w+.#-]{1,30})\n)?[\s\S]*?```/gu;

/** As Discord sees them: a fence that is never closed is only three backticks. */
export function codeBlocks(text: string): readonly CodeBlock[] {
  return [...text.matchAll(BLOCK)].map((match) => {
    const language = match[1] ?? '';
    const start = match.index;
    const end = start + match[0].length;
    const opening = FENCE.length + (language === '' ? 0 : language.length + 1);
    return { language, start, codeStart: start + opening, codeEnd: end - FENCE.length, end };
  });
}
