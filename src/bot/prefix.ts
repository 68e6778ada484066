/** Many sentences name commands with the usual prefix, as not everything that says one knows what it is there. */
export function withPrefix(sentence: string, prefix: string): string {
  return prefix === '!' ? sentence : sentence.replace(/(?<![^\s(])!(?=\p{Ll})/gu, () => prefix);
}
