import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortedJson } from '../../src/domain/sorted-json.ts';

/** Text with a lone surrogate in it here and there, and with what looks like an escaped one. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\ud800', 'a\udfff', '\\ud800', '\u{10ffff}', '\u2028\0"\\\u007f'),
);
const value = fc.array(
  fc.record({
    text,
    number: fc.oneof(fc.double(), fc.integer()),
    'true or null': fc.constantFrom(true, null),
  }),
);

function outcomeOf(write: () => string | undefined): string | undefined {
  try {
    return write();
  } catch {
    return 'refused';
  }
}

it('is canonical JSON wherever the properties stand in order, and refuses what that refuses', () => {
  fc.assert(
    fc.property(value, (items) => {
      const sorted = items
        .filter(({ number }) => Number.isFinite(number))
        .map((item) => ({ number: item.number, text: item.text, 'true or null': item['true or null'] }));
      expect(outcomeOf(() => sortedJson(sorted))).toBe(outcomeOf(() => canonicalize(sorted)));
    }),
    { numRuns: 1_000 },
  );
});
