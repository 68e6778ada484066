import type { Kysely } from 'kysely';
import { languages, type Words } from '../../domain/languages/languages.ts';
import type { InWords } from '../../domain/refusal.ts';
import type { JsonObject } from '../../domain/surface.ts';
import type { Tables } from '../../projections/tables.ts';
import type { Written } from '../shown-texts.ts';
import { shownTime } from '../words.ts';

/** Which way a line leads: the thing itself, what it was made from, or what was made from it. */
export type Direction = 'subject' | 'from' | 'to';

export interface ChainLine {
  readonly direction: Direction;
  readonly kind: string;
  readonly id: string;
  readonly words: InWords;
  readonly who: string | null;
  readonly when: string | null;
  /** Where words of people or models stand in it: who wrote them where, and the line without them. */
  readonly quoted?: Written & { readonly withheld: InWords };
}

/** What is asked for a chain, and the lines found so far; nothing is said twice. */
export class Chain {
  readonly db: Kysely<Tables>;
  readonly scope: string;
  /** How many of a kind are shown beneath one thing. */
  readonly limit: number;
  readonly lines: ChainLine[] = [];
  readonly #said = new Set<string>();

  constructor(db: Kysely<Tables>, scope: string, limit: number) {
    this.db = db;
    this.scope = scope;
    this.limit = limit;
  }

  /** @returns whether it had not been said before */
  say(line: ChainLine): boolean {
    const key = `${line.kind} ${line.id}`;
    if (this.#said.has(key)) return false;
    this.#said.add(key);
    this.lines.push(line);
    return true;
  }
}

const arrows: Readonly<Record<Direction, string>> = { subject: '', from: '← ', to: '→ ' };

export function chainText(lines: readonly ChainLine[], words: Words): string {
  return lines
    .map(({ direction, words: inWords, who, when }) => {
      const line = { what: inWords(words), who, when: when === null ? null : shownTime(when) };
      return `${arrows[direction]}${words.provenance.line(line)}`;
    })
    .join('\n');
}

/** For programs: its words are English, whoever asks. */
export function chainData(lines: readonly ChainLine[]): JsonObject[] {
  return lines.map(({ quoted: _, ...line }) => ({ ...line, words: line.words(languages.en) }));
}
