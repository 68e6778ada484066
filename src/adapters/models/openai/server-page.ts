import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

export interface ServerPage {
  /** What each item is, is for whoever asks to read. */
  readonly items: readonly unknown[];
  readonly hasMore: boolean;
}

const Page = z.object({ data: z.array(z.unknown()), has_more: z.boolean().nullish() });

/**
 * A page of a list. The client's own pages take an answer without a list for an empty one.
 * @throws what faultOf tells apart
 */
export async function readPage(
  endpoint: Endpoint,
  path: string,
  query: Record<string, unknown>,
  signal: AbortSignal,
): Promise<ServerPage> {
  const answered = await endpoint.ask(signal, (client, within) =>
    client.get<unknown>(path, { query, signal: within }),
  );
  const { data, has_more } = Page.parse(answered);
  return { items: data, hasMore: has_more === true };
}
