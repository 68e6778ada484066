const ELLIPSIS = '…';
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * A text on one line of at most so many UTF-16 units, cut between two words where there is a place for it, and never
 * within a character.
 */
export function shortened(text: string, most: number): string {
  const line = text.trim().replace(/\s+/g, ' ').toWellFormed();
  if (line.length <= most) return line;
  const room = most - ELLIPSIS.length;
  let end = 0;
  for (const { segment, index } of segmenter.segment(line.slice(0, most))) {
    if (index + segment.length > room) break;
    end = index + segment.length;
  }
  const kept = line.slice(0, end);
  const lastSpace = kept.lastIndexOf(' ');
  const atWord = line.charAt(end) === ' ' || lastSpace < most / 2 ? kept : kept.slice(0, lastSpace);
  return atWord.replace(/[\s,;:.–—-]+$/u, '') + ELLIPSIS;
}
