import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { defineCommand } from '../command.ts';
import { describeExample, examplesAfter } from '../dataset-content.ts';
import { describeOrigin, verifyDataset } from '../dataset-origin.ts';
import { type LineSource, sourceData, sourcesOf } from '../dataset-sources.ts';
import { knownDataset } from '../known-dataset.ts';
import { count, countUpTo, named, positional, reference, Word, YesOrNo, yesOrNo } from '../options.ts';
import { counted, shownBytes, shownTime } from '../words.ts';

export const dataset = defineCommand({
  name: 'dataset',
  right: 'everyone',
  options: z.object({
    dataset: positional(Word, reference('dataset')),
    after: named(countUpTo(999_999).optional(), count(999_999)),
    limit: named(countUpTo(100).default(10), count(100)),
    verify: named(YesOrNo.default(false), yesOrNo),
  }),
  run: async (context, { after = 0, limit, verify, ...options }) => {
    const row = await knownDataset(context, options.dataset);
    const { vault } = context.services;
    const verified = verify ? await verifyDataset(context.services, row) : null;
    const examples = await examplesAfter(vault, row, after, limit);
    const sources = await sourcesOf(
      vault,
      row,
      examples.map(({ line }) => line),
    );
    const { id, made, format, bytes, actor, time } = row;
    const lines = examples.map(
      ({ line, example }) => `${line}. ${describeExample(example)} (${describeSource(sources.get(line))})`,
    );
    const next = after + examples.length;
    return {
      text: [
        `Dataset ${shorten(id)}: ${counted(row.examples, 'example')} (${format}, ${shownBytes(bytes)}, SHA-256 ${id}), ${made} by ${actor} at ${shownTime(time)}.`,
        ...(verified === null ? [] : [verified]),
        ...describeOrigin(row),
        ...lines,
        ...(next < row.examples ? [`… line ${next + 1} and on with after=${next}`] : []),
      ].join('\n'),
      data: {
        dataset: id,
        sha256: id,
        made,
        format,
        examples: row.examples,
        bytes,
        actor,
        time,
        manifest: row.manifest,
        through: row.through,
        since: row.since,
        verified: verified !== null,
        lines: examples.map(({ line, example: { format: _, ...content } }) => ({
          line,
          example: JSON.parse(JSON.stringify(content)),
          source: sourceData(sources.get(line)),
        })),
      },
    };
  },
});

function describeSource(source: LineSource | undefined): string {
  if (source === undefined) return 'of unknown source';
  if (source.kind === 'file') return `${source.path}, line ${source.line}`;
  const people = `by ${source.members.join(' and ')}`;
  return source.correction === null
    ? `ratings of answer ${shorten(source.answer)}, ${people}`
    : `correction ${shorten(source.correction)} of answer ${shorten(source.answer)}, ${people}`;
}
