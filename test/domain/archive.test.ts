import { it } from 'vitest';
import { archiveDecider } from '../../src/domain/archive.ts';
import { given } from './given.ts';
import { samples } from './samples.ts';

it('records each archive, also one of the same content again', () => {
  const archived = { type: 'DatasetArchived', data: samples.DatasetArchived } as const;
  given(archiveDecider).when(archived.data).thenRecords(archived);
  given(archiveDecider, archived).when(archived.data).thenRecords(archived);
});
