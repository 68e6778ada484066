import { z } from 'zod';
import { convertExample, DatasetFormat, datasetLine, parseDatasetLine } from '../../domain/examples.ts';
import { guildDecider } from '../../domain/guild.ts';
import { shorten } from '../../domain/identifiers.ts';
import type { Vault, WrittenFile } from '../../domain/ports.ts';
import { Refusal } from '../../domain/refusal.ts';
import { guildStream } from '../../domain/streams.ts';
import type { DatasetRow } from '../../projections/tables.ts';
import { defineCommand } from '../command.ts';
import { datasetLines } from '../dataset-content.ts';
import { knownDataset } from '../known-dataset.ts';
import { choice, named, oneOf, positional, reference, Word } from '../options.ts';
import type { Services } from '../services.ts';
import { encodeLines } from '../stored-lines.ts';
import { shownBytes } from '../words.ts';

export const exportCommand = defineCommand({
  name: 'export',
  right: 'trainer',
  begins: ['FileSent'],
  options: z.object({
    dataset: positional(Word, reference('dataset')),
    format: named(oneOf(DatasetFormat.options).optional(), choice(DatasetFormat.options)),
  }),
  run: async (context, options) => {
    const { services, cause, prior, handle, words } = context;
    const row = await knownDataset(context, options.dataset);
    const format = options.format ?? row.format;
    // What was sent once is not written again: the manifest may be another one by now.
    const files = prior?.type === 'FileSent' ? [] : await writeFiles(services, row, format);
    const { events } = await handle(guildStream(cause.scope), guildDecider, {
      kind: 'note',
      happened: files.map(({ path, bytes, sha256 }) => {
        return { type: 'FileSent', data: { path, bytes, sha256 } } as const;
      }),
    });
    const sent = events.flatMap((event) => (event.type === 'FileSent' ? event.data : []));
    return {
      text: sent
        .map(({ path, bytes, sha256 }) => words.files.file({ path, size: shownBytes(bytes, words), sha256 }))
        .join('\n'),
      data: { dataset: row.id, sha256: row.id, format, files: sent },
      files: sent,
    };
  },
});

async function writeFiles(
  { vault, workspace }: Services,
  row: DatasetRow,
  format: DatasetFormat,
): Promise<readonly WrittenFile[]> {
  const name = `dataset-${shorten(row.id)}-${format}`;
  const lines = encodeLines(converted(vault, row, format));
  const written = await workspace.writeExport(row.scope, `${name}.jsonl`, lines);
  if (format !== row.format) return [written];
  const manifest = vault.read(row.manifest);
  return [written, await workspace.writeExport(row.scope, `${name}.manifest.jsonl`, manifest)];
}

async function* converted(vault: Vault, row: DatasetRow, format: DatasetFormat): AsyncGenerator<string> {
  let written = 0;
  for await (const { text } of datasetLines(vault, row.id)) {
    for (const example of convertExample(parseDatasetLine(row.format, text), format)) {
      written++;
      yield datasetLine(example);
    }
  }
  if (written > 0) return;
  const { examples, format: own } = row;
  const dataset = shorten(row.id);
  throw new Refusal(({ datasets }) => datasets.nothingAs({ examples, format, dataset, own }));
}
