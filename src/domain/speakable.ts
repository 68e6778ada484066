/** The sentences of a text as they can be heard, in order. */
export function speakableSentences(text: string, locale: string): readonly string[] {
  return [...new Intl.Segmenter(locale, { granularity: 'sentence' }).segment(text)]
    .map(({ segment }) => segment.trim())
    .filter((s) => s !== '');
}
