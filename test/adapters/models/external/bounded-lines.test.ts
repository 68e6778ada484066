import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../../src/adapters/models/external/bounded-lines.ts';

const rules = { maxLength: 20, carriageReturnEnds: false };

describe('lines of a stream', () => {
  it('are the same however the bytes come, and are dropped where they are too long', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'ж', '🙂', ' '), maxLength: 30 })),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (lines, sizes) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const splitter = new LineSplitter(rules);
          const read: string[] = [];
          for (let [from, turn] = [0, 0]; from < bytes.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            read.push(...splitter.push(bytes.subarray(from, from + size)));
            from += size;
          }
          read.push(...splitter.end());
          expect(read).toEqual(lines.filter((line) => line !== '' && line.length <= 20));
        },
      ),
    );
  });

  it('end with a carriage return only where a program draws progress bars', () => {
    const text = Buffer.from('one\rtwo\r\nthree');
    const drawn = new LineSplitter({ maxLength: 20, carriageReturnEnds: true });
    expect([...drawn.push(text), ...drawn.end()]).toEqual(['one', 'two', 'three']);
    const written = new LineSplitter(rules);
    expect([...written.push(text), ...written.end()]).toEqual(['one\rtwo\r', 'three']);
  });
});
