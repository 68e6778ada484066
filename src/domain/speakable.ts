import { languageOf, languages, type Words } from './languages/languages.ts';

type Spoken = Words['sound']['spoken'];

/** What comes after so many characters is not even looked at. */
const MOST_CHARACTERS_READ = 20_000;
/** A longer sentence is taken apart where one would breathe. */
const LONGEST_SENTENCE = 300;
/** What is shorter is said together with what follows. */
const SHORTEST_SENTENCE = 24;
const LONGEST_HOST = 60;
/** What shades an emoji, or makes one of several. */
const EMOJI_JOINTS = /\uFE0F|\u200D|\p{Emoji_Modifier}/gu;

export interface SpeakableOptions {
  /** BCP 47. */
  readonly locale: string;
  /** What is longer ends with a note. */
  readonly mostCharacters: number;
}

/** A text as it can be heard, in sentences; none where nothing of it can be. */
export function speakableSentences(
  text: string,
  { locale, mostCharacters }: SpeakableOptions,
): readonly string[] {
  const { spoken } = languages[languageOf(locale) ?? 'en'].sound;
  const sentences = sentencesOf(withoutMarkup(text.slice(0, MOST_CHARACTERS_READ), spoken), locale);
  const kept: string[] = [];
  let characters = 0;
  for (const sentence of sentences) {
    characters += sentence.length;
    if (characters > mostCharacters && kept.length > 0) return [...kept, spoken.theRest];
    kept.push(sentence);
  }
  return text.length > MOST_CHARACTERS_READ && kept.length > 0 ? [...kept, spoken.theRest] : kept;
}

/** What Discord's markup shows, in words. */
function withoutMarkup(text: string, spoken: Spoken): string {
  return withoutLineMarkup(withoutReferences(withoutCode(text.replaceAll('\r\n', '\n'), spoken), spoken))
    .replaceAll(/\|\|[^|]{1,2000}\|\|/g, ` ${spoken.spoiler} `)
    .replaceAll(/(?<![\\\d])(?:\*{1,3}|~~|\|\|)(?=\S)/g, '')
    .replaceAll(/(?<=[^\s\\])(?:\*{1,3}|~~|\|\|)(?!\d)/g, '')
    .replaceAll(/(?<![\p{L}\p{N}_])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![\p{L}\p{N}_])/gu, '')
    .replaceAll(/\\(?=[*_~`|>#[\]\\-])/g, '')
    .replaceAll(/(?<![\p{L}\p{N}])@(?=everyone\b|here\b)/gu, '')
    .replaceAll(EMOJI_JOINTS, '')
    .replaceAll(/(\p{Extended_Pictographic})(?:\s*\1)+/gu, '$1');
}

function withoutCode(text: string, spoken: Spoken): string {
  return text
    .replaceAll(/```[\s\S]*?(?:```|$)/g, `\n${spoken.code}\n`)
    .replaceAll(/(`{1,2})([^`\n]{1,200})\1/g, '$2');
}

/** Links, mentions, emoji of a place's own, and points in time. */
function withoutReferences(text: string, spoken: Spoken): string {
  return text
    .replaceAll(
      /!?\[([^[\]\n]{1,300})\]\(<?[a-z][a-z+.-]{0,20}:[^()\s]{0,2000}(?: "[^"\n]{0,300}")?\)/gi,
      '$1',
    )
    .replaceAll(/<?(https?:\/\/[^\s<>]{1,2000})>?/gi, (_link, address: string) =>
      linkInWords(address, spoken),
    )
    .replaceAll(/<a?:(\w{1,32}):\d{1,20}>/g, (_emoji, name: string) => ` ${name.replaceAll('_', ' ')} `)
    .replaceAll(/<@&\d{1,20}>/g, spoken.role)
    .replaceAll(/<@!?\d{1,20}>/g, spoken.member)
    .replaceAll(/<#\d{1,20}>/g, spoken.channel)
    .replaceAll(/<\/([^:<>\n]{1,100}):\d{1,20}>/g, '$1')
    .replaceAll(/<t:-?\d{1,13}(?::[a-z])?>/gi, spoken.pointInTime)
    .replaceAll(/<id:\w{1,20}>/g, spoken.channel);
}

function linkInWords(address: string, spoken: Spoken): string {
  const end = /[.,;:!?)]+$/.exec(address)?.[0] ?? '';
  const host = URL.canParse(address) ? new URL(address).hostname.replace(/^www\./, '') : '';
  return `${host === '' || host.length > LONGEST_HOST ? spoken.link : spoken.linkTo(host)}${end}`;
}

/** What stands at the beginning of lines: headings, quotes, lists, tables and rules. */
function withoutLineMarkup(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/^\s*(?:>{1,3}\s+)?(?:#{1,6}\s+|-#\s+|[-*+•]\s+)?/, '')
        .replace(/^[\s|:=_*-]+$/, '')
        .replace(/^\|(.*)\|\s*$/, (_row, cells: string) => cells.split('|').join(', ')),
    )
    .join('\n');
}

function sentencesOf(text: string, locale: string): readonly string[] {
  const segmenter = new Intl.Segmenter(segmentingLocale(locale), { granularity: 'sentence' });
  const sentences = Array.from(segmenter.segment(text), ({ segment }) =>
    segment.replaceAll(/\s+/g, ' ').trim(),
  );
  return joinShort(sentences.filter(canBeHeard)).flatMap(takenApart);
}

/** Its language alone: a tag with a mistake in the rest would not be taken. */
function segmentingLocale(locale: string): string {
  return /^[a-z]{2,3}(?![a-z0-9])/i.exec(locale)?.[0] ?? 'en';
}

function canBeHeard(sentence: string): boolean {
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(sentence);
}

/** An abbreviation is no sentence, and a word alone is soon over. */
function joinShort(sentences: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const sentence of sentences) {
    const last = joined.at(-1);
    if (last === undefined || last.length >= SHORTEST_SENTENCE) joined.push(sentence);
    else joined[joined.length - 1] = `${last}${/[\p{L}\p{N}]$/u.test(last) ? '.' : ''} ${sentence}`;
  }
  return joined;
}

/** After a comma or the like where there is one, else between words, else anywhere. */
function takenApart(sentence: string): readonly string[] {
  const parts: string[] = [];
  let rest = sentence;
  while (rest.length > LONGEST_SENTENCE) {
    const end = breathingPlace(rest.slice(0, LONGEST_SENTENCE));
    parts.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return [...parts, rest].filter(canBeHeard);
}

function breathingPlace(start: string): number {
  const least = LONGEST_SENTENCE / 3;
  const clause = lastEnd(start, /[,;:)\u2014\u2013\u3001\uFF0C]\s*/gu);
  if (clause >= least) return clause;
  const word = start.lastIndexOf(' ') + 1;
  if (word >= least) return word;
  const isHalfPair = /[\uD800-\uDBFF]$/.test(start);
  return isHalfPair ? start.length - 1 : start.length;
}

function lastEnd(text: string, pattern: RegExp): number {
  let end = 0;
  for (const match of text.matchAll(pattern)) end = match.index + match[0].length;
  return end;
}
