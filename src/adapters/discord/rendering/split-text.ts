import { type CodeBlock, codeBlocks, FENCE } from './code-blocks.ts';

/** UTF-16 units of a message, which is never fewer than what Discord counts. */
export const MAX_CONTENT = 2_000;

/** From the best place for a cut to the worst; each match ends where the next part may begin. */
const PLACES: readonly { readonly after: RegExp; readonly leastFilled: number }[] = [
  { after: /\n[^\S\n]*\n\s*/gu, leastFilled: 0.4 },
  { after: /\n/gu, leastFilled: 0.5 },
  { after: /[.!?…。！？]["'»”’)\]]*\s+|[。！？]/gu, leastFilled: 0.5 },
  { after: /\s+/gu, leastFilled: 0.3 },
];
/** More than any character that people write; what is longer still is cut within. */
const LOOKAHEAD = 100;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Cuts a text where a reader would: between paragraphs, lines, sentences or words, and never within a character. A
 * block of code that is cut is closed, and opened again in its language.
 * @returns parts of at most `limit` UTF-16 units, none of them blank; none at all for a blank text
 */
export function splitText(text: string, limit = MAX_CONTENT): readonly string[] {
  const blocks = codeBlocks(text);
  const parts: string[] = [];
  let from = 0;
  let opening = '';
  while (from < text.length) {
    const room = limit - opening.length;
    const cut = text.length - from <= room ? wholeRest(text) : cutWithin(text, blocks, { from, room });
    const part = `${opening}${text.slice(from, cut.end)}`;
    parts.push(cut.closes ? `${part.replace(/\n$/, '')}\n${FENCE}` : part.trim());
    opening = cut.reopens === null ? '' : `${FENCE}${cut.reopens}\n`;
    from = cut.next;
  }
  return parts.filter((part) => part !== '');
}

interface Cut {
  readonly end: number;
  readonly next: number;
  /** Whether a block of code is to be closed there. */
  readonly closes: boolean;
  /** The language of the block that goes on in the next part. */
  readonly reopens: string | null;
}

function wholeRest({ length }: string): Cut {
  return between(length);
}

function between(place: number): Cut {
  return { end: place, next: place, closes: false, reopens: null };
}

function cutWithin(
  text: string,
  blocks: readonly CodeBlock[],
  { from, room }: { readonly from: number; readonly room: number },
): Cut {
  const wanted = bestPlace(text, blocks, { from, to: from + room - `\n${FENCE}`.length });
  const block = blocks.find(({ start, end }) => start < wanted && wanted < end);
  if (block === undefined) return between(wanted);
  // Nothing of its code would stand before the cut.
  if (wanted <= block.codeStart && block.start > from) return between(block.start);
  const end = Math.min(Math.max(wanted, block.codeStart + 1), block.codeEnd);
  return end === block.codeEnd
    ? { end, next: block.end, closes: true, reopens: null }
    : { end, next: end, closes: true, reopens: block.language };
}

function bestPlace(
  text: string,
  blocks: readonly CodeBlock[],
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const window = text.slice(from, to);
  for (const { after, leastFilled } of PLACES) {
    const least = from + window.length * leastFilled;
    const places = [...window.matchAll(after)].map((match) => from + match.index + match[0].length);
    // A block of code is better begun in the next part than cut.
    if (after === PLACES[0]?.after) places.push(...blocks.map(({ start }) => start));
    const best = places
      .filter((place) => place >= least && place <= to)
      .toSorted((one, other) => other - one)
      .find((place) => endsCharacter(text, from, place));
    if (best !== undefined) return best;
  }
  return characterEnd(text, from, to);
}

/** Not where an accent follows a space. */
function endsCharacter(text: string, from: number, place: number): boolean {
  return place === text.length || characterEnd(text, from, place) === place;
}

/** The last end of a character up to there. */
function characterEnd(text: string, from: number, to: number): number {
  const start = Math.max(from, to - LOOKAHEAD);
  const begin = start > from && isLowSurrogate(text, start) ? start - 1 : start;
  const found = graphemes.segment(text.slice(begin, to + LOOKAHEAD)).containing(to - begin);
  if (found !== undefined && found.index > 0) return begin + found.index;
  return isLowSurrogate(text, to) ? to - 1 : to;
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
