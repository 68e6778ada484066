import { expect, it } from 'vitest';
import {
  type PageColumns,
  pageColumns,
  parseColumns,
} from '../../../src/adapters/ledger/sqlite/page-columns.ts';

const ids = ['0b7d7c4e-4a2f-4d53-8a0d-3c1f0a5b9d11', '7f0e2a61-93d8-4f0c-b1c4-5f2b8e6a1c22'] as const;
const columns = pageColumns(
  [
    {
      position: 7,
      id: ids[0],
      stream: 'a "b"',
      revision: 3,
      type: 'X',
      data: '{"n":1}',
      metadata: '{"m":1}',
    },
    { position: 8, id: ids[1], stream: 'Ω', revision: 0, type: 'Y', data: '[2,3]', metadata: 'null' },
  ],
  8,
);

it('come apart into the events that went in', () => {
  expect(parseColumns(columns)).toEqual({
    events: [
      {
        id: ids[0],
        stream: 'a "b"',
        revision: 3,
        position: '7',
        type: 'X',
        data: { n: 1 },
        metadata: { m: 1 },
      },
      { id: ids[1], stream: 'Ω', revision: 0, position: '8', type: 'Y', data: [2, 3], metadata: null },
    ],
    end: 8,
  });
});

it.each<[string, Partial<PageColumns>]>([
  ['content is missing', { data: '[1]' }],
  ['there is content too much', { metadata: '[1,2,3]' }],
  ['a stream is missing', { streams: 'a' }],
  ['a type is missing', { types: 'X' }],
])('give no page where %s', (_, wrong) => {
  expect(parseColumns({ ...columns, ...wrong })).toBeNull();
});

it('give no page of what is not JSON', () => {
  expect(() => parseColumns({ ...columns, data: '[1,' })).toThrow(SyntaxError);
});
