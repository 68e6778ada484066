import { z } from 'zod';
import type { TrainingExample } from '../../domain/examples.ts';
import { shorten } from '../../domain/identifiers.ts';
import type { Words } from '../../domain/languages/languages.ts';
import { defineCommand } from '../command.ts';
import { describeExample, examplesAfter } from '../dataset-content.ts';
import { describeOrigin, verifyDataset } from '../dataset-origin.ts';
import { type LineSource, mayShowExample, sourceData, sourcesOf } from '../dataset-sources.ts';
import { knownDataset } from '../known-dataset.ts';
import { count, countUpTo, named, positional, reference, Word, YesOrNo, yesOrNo } from '../options.ts';
import { nextAndFirst, unless, usualLimit } from '../paging.ts';
import { shownBytes, shownTime } from '../words.ts';

export const dataset = defineCommand({
  name: 'dataset',
  right: 'everyone',
  options: z.object({
    dataset: positional(Word, reference('dataset')),
    after: named(countUpTo(999_999).optional(), count(999_999)),
    limit: named(countUpTo(100).optional(), count(100)),
    verify: named(YesOrNo.default(false), yesOrNo),
  }),
  run: async (context, { after = 0, verify, ...options }) => {
    const usual = usualLimit(context.incoming);
    const { limit = usual } = options;
    const row = await knownDataset(context, options.dataset);
    const { services, words } = context;
    const { vault } = services;
    const verified = verify ? await verifyDataset(services, row) : null;
    const examples = await examplesAfter(vault, row, after, limit);
    const sources = await sourcesOf(
      vault,
      row,
      examples.map(({ line }) => line),
    );
    const { id, made, format, bytes, actor, time } = row;
    const shown = await Promise.all(
      examples.map(async ({ line, example }) => {
        const isShown = await mayShowExample(context, row, sources.get(line));
        return { line, example: isShown ? example : null };
      }),
    );
    const lines = shown.map(({ line, example }) =>
      words.datasets.line({
        number: line,
        example: example === null ? words.history.elsewhere : describeExample(example, words),
        source: describeSource(sources.get(line), words),
      }),
    );
    const next = after + examples.length;
    return {
      text: [
        words.datasets.heading({
          dataset: shorten(id),
          examples: row.examples,
          format,
          size: shownBytes(bytes, words),
          sha256: id,
          made,
          who: actor,
          when: shownTime(time),
        }),
        ...(verified === null ? [] : [verified(words)]),
        ...describeOrigin(row, words, context.services.settings.prefix),
        ...lines,
        ...(next < row.examples ? [words.datasets.more({ next: next + 1, after: next })] : []),
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
        lines: shown.map(({ line, example }) => ({
          line,
          example: example === null ? null : contentOf(example),
          source: sourceData(sources.get(line)),
        })),
      },
      actions: nextAndFirst(
        words,
        'dataset',
        { after: after === 0 ? undefined : after, next: next < row.examples ? next : null },
        { dataset: id, limit: unless(usual, limit) },
      ),
    };
  },
});

function contentOf({ format: _, ...content }: TrainingExample) {
  return JSON.parse(JSON.stringify(content));
}

function describeSource(source: LineSource | undefined, { datasets: { sources } }: Words): string {
  if (source === undefined) return sources.unknown;
  if (source.kind === 'file') return sources.file(source);
  const { correction, members } = source;
  const answer = shorten(source.answer);
  return correction === null
    ? sources.ratings({ answer, members })
    : sources.correction({ correction: shorten(correction), answer, members });
}
