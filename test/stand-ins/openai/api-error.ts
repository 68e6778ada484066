/** An error as the API writes it. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: object;

  constructor(
    status: number,
    message: string,
    {
      type = 'invalid_request_error',
      param = null,
      code = null,
    }: { readonly type?: string; readonly param?: string | null; readonly code?: string | null } = {},
  ) {
    super(message);
    this.status = status;
    this.body = { error: { message, type, param, code } };
  }
}

export function notFound(what: string): ApiError {
  return new ApiError(404, `${what} was not found.`, { code: 'not_found' });
}
