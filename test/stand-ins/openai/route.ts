/** What a request asks for. */
export interface Call {
  /** A part of the path. */
  readonly parameter: (name: string) => string;
  readonly query: URLSearchParams;
  /** As JSON; undefined where there is none. */
  readonly body: unknown;
  /** Of a form with files. */
  readonly form: FormData | null;
}

export type Answer =
  | { readonly kind: 'json'; readonly body: unknown }
  | { readonly kind: 'bytes'; readonly content: Uint8Array }
  /** Server-sent events, with `[DONE]` after them. */
  | {
      readonly kind: 'events';
      readonly events: readonly unknown[];
      /** In ms before each but the first; all at once where it is left out. */
      readonly everyMs?: number;
    };

export interface Route {
  /** Method and path, with `:name` for a part that varies. */
  readonly name: string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export function json(body: object): Answer {
  return { kind: 'json', body };
}

/** A page of what comes in this order, as the API cuts lists. @param items the first page's first */
export function pageOf<T extends { readonly id: string }>(
  items: readonly T[],
  query: URLSearchParams,
  defaultLimit: number,
): { readonly object: 'list'; readonly data: T[]; readonly has_more: boolean } {
  const after = query.get('after');
  const start = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1;
  const limit = Number(query.get('limit') ?? defaultLimit);
  const data = items.slice(start, start + limit);
  return { object: 'list', data, has_more: start + limit < items.length };
}
