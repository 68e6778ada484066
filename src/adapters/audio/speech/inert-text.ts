/** Text in which nothing is a command to a synthesizer: no control character, no lone surrogate, no `[[`. */
export function inertText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/\[(?=\[)|\](?=\])/g, '$& ')
    .trim();
}

/** The same for a synthesizer that reads SSML. */
export function inertSsml(text: string): string {
  return inertText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
