import type { Words } from '../domain/languages/languages.ts';
import type { Cost } from '../domain/ports.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** No character that is meant to be read takes more UTF-16 units; a family of four takes eleven. */
const MAX_UNITS = 32;

/** The beginning of a text on one line, not cut within a character. @param length in characters as people see them */
export function excerpt(text: string, length = 80): string {
  const whole = text.trim();
  const beginning = whole.slice(0, length * MAX_UNITS);
  const line = beginning.replace(/\s+/g, ' ');
  let shown = '';
  let characters = 0;
  for (const { segment, index } of graphemes.segment(line)) {
    const mayBeCut = beginning.length < whole.length && index + segment.length === line.length;
    if (++characters > length || mayBeCut) return `${shown}…`;
    shown += segment;
  }
  return shown;
}

/** An ISO 8601 time to the second, in UTC. */
export function shownTime(time: string): string {
  return `${time.slice(0, 19).replace('T', ' ')} UTC`;
}

/** To a tenth, without the unit. */
export function shownSeconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(1);
}

export function shownBytes(bytes: number, { bot: { bytes: inBytes, units } }: Words): string {
  const power = Math.min(units.length, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return power === 0 ? inBytes(bytes) : `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]}`;
}

/** Amounts of less than one are small, and shown as far as they differ from nothing. */
export function shownCost({ amount, currency }: Cost): string {
  const shown =
    amount >= 1 || amount === 0 ? amount.toFixed(2) : amount.toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1');
  return `${shown} ${currency}`;
}
