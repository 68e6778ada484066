import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

const Moderated = z.object({
  results: z
    .array(z.object({ flagged: z.boolean(), categories: z.record(z.string(), z.boolean().nullish()) }))
    .min(1),
});

/** What a text is flagged for; nothing where it may stand. */
export async function flaggedCategories(
  { client }: Endpoint,
  model: string,
  text: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { results } = Moderated.parse(await client.moderations.create({ model, input: text }, { signal }));
  const flagged = results.filter((result) => result.flagged);
  const categories = flagged.flatMap((result) =>
    Object.entries(result.categories).flatMap(([category, applies]) => (applies === true ? [category] : [])),
  );
  // A server may flag a text without saying for what.
  return flagged.length > 0 && categories.length === 0 ? ['?'] : [...new Set(categories)];
}
