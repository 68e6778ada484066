import { describe, expect, it } from 'vitest';
import { complaintOf } from '../../src/domain/complaint.ts';
import { languages } from '../../src/domain/languages/languages.ts';
import { MAX_EVENT_BYTES } from '../../src/domain/ledger.ts';
import { MAX_TEXT_LENGTH, MemberText } from '../../src/domain/text.ts';
import { metadata, samples } from './samples.ts';

describe('what a person wrote', () => {
  it.each([
    ['right-to-left', 'مرحبا بالعالم — שלום'],
    ['directional marks', 'a\u202eb\u2066c\u2069'],
    ['combining characters', `e${'\u0301'.repeat(500)}`],
    ['both ways to write a letter', 'u\u0308 \u00fc'],
    ['emoji', '👩‍👩‍👧‍👦🏳️‍🌈🇨🇭'],
    ['control characters', 'a\u0007\u001b[31mb'],
    ['lines and white space around it', '  \n one\r\n\ttwo \n'],
    ['one character', '.'],
    ['as much as is taken', 'x'.repeat(MAX_TEXT_LENGTH)],
  ])('is taken to the letter: %s', (_, text) => {
    expect(MemberText.parse(text)).toBe(text);
  });

  it.each([
    ['nothing', '', 'it is empty; write something'],
    ['white space', ' \n\t\u00a0\u3000\ufeff', 'it is empty; write something'],
    [
      'one character too many',
      'x'.repeat(MAX_TEXT_LENGTH + 1),
      'it has 100001 characters and at most 100000 are taken; shorten it or send a file',
    ],
    [
      'a mebibyte',
      'x'.repeat(2 ** 20),
      'it has 1048576 characters and at most 100000 are taken; shorten it or send a file',
    ],
    ['a NUL', 'a\0b', 'it holds a NUL character; leave that out'],
    ['half of a surrogate pair', 'a\ud83d', 'it is not valid Unicode; send it as UTF-8'],
    ['the other half', '\ude00a', 'it is not valid Unicode; send it as UTF-8'],
  ])('is refused where it is %s', (_, text, sentence) => {
    const { error } = MemberText.safeParse(text);
    expect(error && complaintOf(error)(languages.en)).toBe(sentence);
  });

  it.each(['x', '€', '😀'.slice(0, 2), '\u0001', '"'])('fits into an event, were it all %j', (unit) => {
    const text = unit.repeat(MAX_TEXT_LENGTH / unit.length);
    const json = JSON.stringify([{ ...samples.CorrectionGiven, text: MemberText.parse(text) }, metadata]);
    expect(Buffer.byteLength(json)).toBeLessThan(MAX_EVENT_BYTES);
  });
});
