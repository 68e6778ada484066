import canonicalize from 'canonicalize';

/**
 * Canonical JSON (RFC 8785) of a value all of whose properties stand in their order already, in a fraction of the time.
 * @throws Error where a text is not well-formed Unicode
 */
export function sortedJson(value: object): string {
  const json = JSON.stringify(value);
  // Sorted, the two differ only in a lone surrogate, which JSON escapes and RFC 8785 refuses.
  return json.includes('\\ud') ? (canonicalize(value) ?? json) : json;
}
