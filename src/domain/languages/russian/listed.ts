/** `а`, `а или б`, `а, б или в`. */
export function listed(words: readonly string[], conjunction: 'и' | 'или'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}
