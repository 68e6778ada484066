import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveId, fractionOf, shorten } from '../../src/domain/identifiers.ts';
import { guildStream, modelStream, streamName } from '../../src/domain/streams.ts';
import { id, sha } from './samples.ts';

const part = fc.oneof(fc.string({ unit: 'binary' }), fc.integer());

// Reckoned by Python's uuid.uuid5.
describe('a derived id', () => {
  it('is the same on every machine for ever, so that a repeated command is recognised', () => {
    expect(deriveId('command-1', 'answer', 0)).toBe('d6f292b1-3cf9-5075-ad7d-c17f042b8394');
    expect(deriveId('ü\u{1f600}')).toBe('f7fade25-4432-54e5-aa51-852c7b03c89b');
  });

  it('differs where a part does', () => {
    fc.assert(
      fc.property(fc.array(part), fc.array(part), (some, others) => {
        const same = JSON.stringify(some) === JSON.stringify(others);
        expect(deriveId(...some) === deriveId(...others)).toBe(same);
      }),
    );
    expect(deriveId('a', 'bc')).not.toBe(deriveId('ab', 'c'));
    expect(deriveId('1')).not.toBe(deriveId(1));
  });

  it('is a UUID of version 5', () => {
    expect(deriveId('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('the fraction of a key', () => {
  it('is the same on every machine for ever', () => {
    expect(['conversation-1', 'conversation-2', ''].map(fractionOf)).toEqual([
      0.09266221872530878, 0.7615217429120094, 0.6789791330229491,
    ]);
  });

  it('is spread evenly from 0 to 1', () => {
    const tenths = Array<number>(10).fill(0);
    for (let key = 0; key < 5_000; key++) {
      const tenth = Math.floor(fractionOf(`${key}`) * 10);
      tenths[tenth] = (tenths[tenth] ?? Number.NaN) + 1;
    }
    expect(Math.min(...tenths)).toBeGreaterThan(400);
    expect(Math.max(...tenths)).toBeLessThan(600);
  });
});

describe('a shortened id', () => {
  it.each([
    [id(0xdeadbeef), 'deadbeef'],
    [sha(0xdeadbeef), 'deadbeef'],
    [sha(0xdeadbeef).slice(0, 32), 'deadbeef'],
    [sha(0xdeadbeef).slice(0, 31), sha(0xdeadbeef).slice(0, 31)],
    [`embedded-${sha(0xdeadbeef)}`, 'embedded-deadbeef'],
    ['embedded-base', 'embedded-base'],
    ['gpt-4o-mini-2024-07-18', 'gpt-4o-mini-2024-07-18'],
    ['ft:gpt-4o-mini:us::8x2', 'ft:gpt-4o-mini:us::8x2'],
    ['123456789012345678', '123456789012345678'],
    ['ada', 'ada'],
    ['', ''],
  ])('of %j is %j', (whole, short) => {
    expect(shorten(whole)).toBe(short);
  });

  it('is always the beginning of the whole one', () => {
    const hex = fc.stringMatching(/^([a-z]+-)?[0-9a-f-]{0,70}$/);
    fc.assert(fc.property(hex, (whole) => whole.startsWith(shorten(whole))));
  });
});

it('names streams so that a shared store can be filtered by scope and kind', () => {
  expect(streamName('1234', 'answer', 'a-1')).toBe('training.1234.answer-a-1');
  expect(modelStream('local')).toBe('training.local.model-active');
  expect(guildStream('local')).toBe('training.local.guild-local');
});
