import { z } from 'zod';
import { convertExample, DatasetFormat, datasetLine, parseDatasetLine } from '../../domain/examples.ts';
import { guildDecider } from '../../domain/guild.ts';
import { shorten } from '../../domain/identifiers.ts';
import type { Vault, WrittenFile } from '../../domain/ports.ts';
import { Refusal } from '../../domain/refusal.ts';
import { guildStream } from '../../domain/streams.ts';
import { findDataset } from '../../projections/datasets.ts';
import type { DatasetRow } from '../../projections/tables.ts';
import { defineCommand } from '../command.ts';
import { datasetLines } from '../dataset-content.ts';
import { named, positional, Word } from '../options.ts';
import { encodeLines } from '../stored-lines.ts';
import { counted, shownBytes } from '../words.ts';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'writes a dataset into a file and sends it, with its manifest where the format stays the same',
  example: 'export last format=sft',
  right: 'trainer',
  options: z.object({
    dataset: positional(Word, 'the dataset, by its id or last'),
    format: named(
      z.string().toLowerCase().pipe(z.enum(DatasetFormat.options, 'it must be sft, dpo or kto')).optional(),
      'sft, dpo or kto; as it is where it is left out',
    ),
  }),
  run: async ({ services, cause, handle, resolve }, options) => {
    const { vault, workspace, readModels } = services;
    const row = await findDataset(readModels.db, cause.scope, await resolve('dataset', options.dataset));
    if (row === undefined)
      throw new Refusal(`The dataset ${options.dataset} is not known here; !datasets lists them.`);
    const format = options.format ?? row.format;
    const name = `dataset-${shorten(row.id)}-${format}`;
    const files: WrittenFile[] = [
      await workspace.writeExport(cause.scope, `${name}.jsonl`, encodeLines(converted(vault, row, format))),
    ];
    if (format === row.format) {
      files.push(
        await workspace.writeExport(cause.scope, `${name}.manifest.jsonl`, vault.read(row.manifest)),
      );
    }
    const sent = files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }));
    await handle(
      guildStream(cause.scope),
      guildDecider,
      sent.map((data) => ({ type: 'FileSent', data }) as const),
    );
    return {
      text: sent
        .map(({ path, bytes, sha256 }) => `${path} (${shownBytes(bytes)}, SHA-256 ${sha256})`)
        .join('\n'),
      data: { dataset: row.id, sha256: row.id, format, files: sent },
      files: sent,
    };
  },
});

async function* converted(vault: Vault, row: DatasetRow, format: DatasetFormat): AsyncGenerator<string> {
  let written = 0;
  for await (const { text } of datasetLines(vault, row.id)) {
    for (const example of convertExample(parseDatasetLine(row.format, text), format)) {
      written++;
      yield datasetLine(example);
    }
  }
  if (written > 0) return;
  throw new Refusal(
    `None of the ${counted(row.examples, 'example')} says anything as ${format}; export dataset ${shorten(row.id)} as ${row.format}.`,
  );
}
