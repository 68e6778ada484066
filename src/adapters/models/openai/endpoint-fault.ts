import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
  OpenAIError,
} from 'openai';
import { z } from 'zod';
import { type InWords, Refusal } from '../../../domain/refusal.ts';
import { type Endpoint, TooSlow } from './endpoint.ts';

/** Why a server did not do what it was asked for. Messages are as they may be shown. */
export type EndpointFault =
  | { readonly kind: 'key_refused' }
  | { readonly kind: 'forbidden'; readonly message: string }
  | { readonly kind: 'not_found'; readonly message: string }
  | { readonly kind: 'quota' }
  | { readonly kind: 'busy'; readonly seconds: number | null }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly message: string;
      readonly code: string | null;
      /** Which part of the request was wrong, where the server says so. */
      readonly param: string | null;
    }
  | { readonly kind: 'broken'; readonly status: number | null }
  | { readonly kind: 'too_slow' }
  | { readonly kind: 'certificate'; readonly code: string }
  | { readonly kind: 'unreachable'; readonly code: string | null }
  /** No JSON, half of it, or without what has to be in it. */
  | { readonly kind: 'unreadable' };

/** What a server answered does not have in it what has to be there. */
export class UnreadableAnswer extends Error {}

const CERTIFICATE_CODES =
  /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME_MISMATCH/;
const Coded = z.looseObject({ code: z.string() });

/** Null where the error does not come from the server or the way to it. */
export function faultOf(error: unknown, endpoint: Endpoint): EndpointFault | null {
  if (error instanceof TooSlow || error instanceof APIConnectionTimeoutError) return { kind: 'too_slow' };
  if (error instanceof APIUserAbortError) return null;
  if (error instanceof APIConnectionError) return connectionFault(error);
  if (error instanceof APIError) return statusFault(error, endpoint);
  if (error instanceof UnreadableAnswer || error instanceof SyntaxError || error instanceof z.ZodError) {
    return { kind: 'unreadable' };
  }
  // The body broke off: fetch says so with a TypeError, whose cause is the socket's error.
  if (error instanceof TypeError && error.cause instanceof Error) return connectionFault(error);
  return error instanceof OpenAIError ? { kind: 'unreadable' } : null;
}

/** @throws the error itself where it does not come from the server */
export function refusalOf(error: unknown, endpoint: Endpoint): Refusal {
  if (error instanceof Refusal) return error;
  const fault = faultOf(error, endpoint);
  if (fault === null) throw error;
  return new Refusal(faultInWords(fault, endpoint));
}

export function faultInWords(fault: EndpointFault, { host, keyVariable }: Endpoint): InWords {
  switch (fault.kind) {
    case 'key_refused':
      return ({ openai }) => openai.faults.keyRefused({ host, variable: keyVariable });
    case 'forbidden':
      return ({ openai }) => openai.faults.forbidden({ host, message: fault.message });
    case 'not_found':
      return ({ openai }) => openai.faults.notFound({ host, message: fault.message });
    case 'quota':
      return ({ openai }) => openai.faults.quota({ host });
    case 'busy':
      return ({ openai }) => openai.faults.busy({ host, seconds: fault.seconds });
    case 'refused':
      return ({ openai }) => openai.faults.refused({ host, status: fault.status, message: fault.message });
    case 'broken':
      return ({ openai }) => openai.faults.broken({ host, status: fault.status });
    case 'too_slow':
      return ({ openai }) => openai.faults.tooSlow({ host });
    case 'certificate':
      return ({ openai }) => openai.faults.certificate({ host, code: fault.code });
    case 'unreachable':
      return ({ openai }) => openai.faults.unreachable({ host, code: fault.code });
    case 'unreadable':
      return ({ openai }) => openai.faults.unreadable({ host });
  }
}

/** Whether the server may have done what it was asked for, although it did not say so. */
export function leavesDoubt({ kind }: EndpointFault): boolean {
  return ['broken', 'too_slow', 'unreachable', 'unreadable'].includes(kind);
}

/** Whether the same request may go well a little later. */
export function mayPass(fault: EndpointFault): boolean {
  return leavesDoubt(fault) || fault.kind === 'busy';
}

/** An answer that began and did not end as it has to. The client tries again only what does not even begin. */
export function brokeOff(error: unknown, endpoint: Endpoint): boolean {
  const kind = faultOf(error, endpoint)?.kind;
  return kind === 'unreadable' || (kind === 'unreachable' && !(error instanceof APIConnectionError));
}

function statusFault(error: APIError, endpoint: Endpoint): EndpointFault {
  const { status, code } = error;
  const message = endpoint.quote(error.message);
  if (status === undefined) return { kind: 'broken', status: null };
  // What it says of a wrong key has a part of that key in it.
  if (status === 401) return { kind: 'key_refused' };
  if (status === 403) return { kind: 'forbidden', message };
  if (status === 404) return { kind: 'not_found', message };
  if (status === 429) {
    return code === 'insufficient_quota'
      ? { kind: 'quota' }
      : { kind: 'busy', seconds: secondsToWait(error) };
  }
  if (status === 408) return { kind: 'too_slow' };
  if (status >= 500) return { kind: 'broken', status };
  return { kind: 'refused', status, message, code: code ?? null, param: error.param ?? null };
}

function secondsToWait({ headers }: APIError): number | null {
  const seconds = Number(headers?.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : null;
}

function connectionFault(error: Error): EndpointFault {
  const code = codeOf(error);
  if (code !== null && CERTIFICATE_CODES.test(code)) return { kind: 'certificate', code };
  return { kind: 'unreachable', code };
}

/** The deepest one: fetch wraps what the socket said. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  return codeOf(error.cause) ?? Coded.safeParse(error).data?.code ?? null;
}
