import { z } from 'zod';
import { archiveDecider } from '../../domain/archive.ts';
import type { EventData } from '../../domain/events.ts';
import type { Archive } from '../../domain/ports.ts';
import { streamName } from '../../domain/streams.ts';
import { defineCommand } from '../command.ts';
import { positional, Word } from '../options.ts';
import { shownBytes } from '../words.ts';

export const archive = defineCommand({
  name: 'archive',
  right: 'trainer',
  begins: ['DatasetArchived'],
  options: z.object({ directory: positional(Word) }),
  run: async ({ services, cause, prior, handle, words }, options) => {
    const written =
      prior?.type === 'DatasetArchived'
        ? prior.data
        : recordOf(await services.workspace.archive(cause.scope, options.directory));
    await handle(streamName(cause.scope, 'archive', written.archive), archiveDecider, written);
    const { archive: sha256, path, bytes, files, manifest, directory } = written;
    return {
      text: words.files.archived({ files, directory, path, size: shownBytes(bytes, words), sha256 }),
      data: { archive: sha256, sha256, path, bytes, files, manifest, directory },
      files: [{ path, bytes, sha256 }],
    };
  },
});

function recordOf({
  sha256,
  path,
  directory,
  bytes,
  files,
  manifest,
}: Archive): EventData<'DatasetArchived'> {
  return { archive: sha256, path, directory, bytes, files, manifest };
}
