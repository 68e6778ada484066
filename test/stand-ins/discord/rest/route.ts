import type { UploadedFile } from './body.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A method and a path with `:name` where an id stands, such as `POST /channels/:channel/messages`. */
export type RouteName = `${Method} /${string}`;

type Parameters<Name extends string> = Name extends `${string}:${infer First}/${infer Rest}`
  ? First | Parameters<Rest>
  : Name extends `${string}:${infer Last}`
    ? Last
    : never;

export interface Call<Name extends string = string> {
  /** What stands in the path in the place of `:name`, decoded. */
  parameter(name: Parameters<Name>): string;
  readonly query: URLSearchParams;
  /** The JSON; undefined where none was sent. */
  readonly body: unknown;
  /** By the number in `files[n]`. */
  readonly files: ReadonlyMap<string, UploadedFile>;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Route {
  readonly name: RouteName;
  readonly method: Method;
  readonly path: RegExp;
  /** Whether the bot's token is asked for; the others carry a token of their own in the path. */
  readonly needsBotToken: boolean;
  readonly handle: (call: Call) => Answer;
}

export function route<Name extends RouteName>(
  name: Name,
  handle: (call: Call<Name>) => Answer,
  { needsBotToken = true }: { readonly needsBotToken?: boolean } = {},
): Route {
  const [method, path] = name.split(' ', 2);
  return {
    name,
    method: method as Method,
    path: new RegExp(`^${path?.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`),
    needsBotToken,
    handle,
  };
}

/** @template T what the documentation says that this request is answered with */
export function ok<T>(body: T, status = 200): Answer {
  return { status, body };
}

export const noContent: Answer = { status: 204 };
