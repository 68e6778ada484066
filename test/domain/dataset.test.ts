import { describe, expect, it } from 'vitest';
import { datasetDecider } from '../../src/domain/dataset.ts';
import type { EventOf } from '../../src/domain/events.ts';
import { MAX_EVENT_BYTES } from '../../src/domain/ledger.ts';
import { given } from './given.ts';
import { id, metadata, samples } from './samples.ts';

const built = { type: 'DatasetBuilt', data: samples.DatasetBuilt } as const;
const { dataset } = built.data;

const examplesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ answer: id(index), correction: id(index + 1) }));
const build = (count: number) => ({ kind: 'build', built: built.data, examples: examplesOf(count) }) as const;

function listed(firstLine: number, end: number): EventOf<'DatasetExamplesListed'> {
  const examples = examplesOf(end).slice(firstLine - 1);
  return { type: 'DatasetExamplesListed', data: { dataset, firstLine, examples } };
}

describe('a dataset', () => {
  it('can be taken in from files, as often as anyone likes', () => {
    const selected = { type: 'DatasetSelected', data: samples.DatasetSelected } as const;
    given(datasetDecider, selected).when({ kind: 'select', selected: selected.data }).thenRecords(selected);
  });

  it.each([
    { count: 0, events: [built] },
    { count: 1, events: [built, listed(1, 1)] },
    { count: 2_000, events: [built, listed(1, 2_000)] },
    { count: 4_001, events: [built, listed(1, 2_000), listed(2_001, 4_000), listed(4_001, 4_001)] },
  ])('that is built of $count examples says where every line comes from', ({ count, events }) => {
    given(datasetDecider)
      .when(build(count))
      .thenRecords(...events);
  });

  it('whose lines do not fit into one append goes on with as many as do', () => {
    const all = examplesOf(20_000);
    const list = (after: number) => ({ kind: 'list', dataset, listed: after, examples: all }) as const;
    const first = [listed(1, 2_000), listed(2_001, 4_000), listed(4_001, 6_000), listed(6_001, 8_000)];
    const last = [listed(16_001, 18_000), listed(18_001, 20_000)];
    given(datasetDecider)
      .when(build(20_000))
      .thenRecords(built, ...first);
    given(datasetDecider, built, listed(1, 16_000))
      .when(list(16_000))
      .thenRecords(...last);
    given(datasetDecider, built, listed(1, 16_000)).when(list(8_000)).thenRecords();
    given(datasetDecider, built, listed(1, 3)).when(list(8_000)).thenRecords();
  });

  it('that is built again has its lines listed already', () => {
    given(datasetDecider, built, listed(1, 3)).when(build(3)).thenRecords(built);
  });

  it('that is built of other corrections to the same bytes says where its lines come from now', () => {
    const build = { kind: 'build', built: built.data } as const;
    const others = examplesOf(3).map(({ answer }) => ({ answer, correction: id(9) }));
    const anew = {
      type: 'DatasetExamplesListed',
      data: { dataset, firstLine: 1, examples: others },
    } as const;
    given(datasetDecider, built, listed(1, 3))
      .when({ ...build, examples: others })
      .thenRecords(built, anew);
    given(datasetDecider, built, listed(1, 3), built, anew)
      .when({ ...build, examples: others })
      .thenRecords(built);
  });

  it('lists so few lines with each event that the ledger takes it', () => {
    const bytes = JSON.stringify([listed(100_000, 102_000).data, metadata]).length;
    expect(bytes).toBeLessThan(MAX_EVENT_BYTES / 2);
  });
});
