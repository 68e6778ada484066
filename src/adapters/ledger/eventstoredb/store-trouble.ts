import { z } from 'zod';
import { LedgerError } from '../../../domain/ledger.ts';

/** What went wrong with one call. */
export type StoreTrouble =
  /** Others have appended in between. */
  | { readonly kind: 'wrong revision'; readonly actual: number | 'no_stream' }
  /** The events of the append together, by the server's own limit. */
  | { readonly kind: 'too large' }
  /** It may go better soon. `written` says what is known of an append. */
  | { readonly kind: 'away'; readonly reason: string; readonly written: 'no' | 'unknown' }
  /** Trying again would not help, and nothing was written. */
  | { readonly kind: 'refused'; readonly reason: string };

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly trouble: StoreTrouble;

  constructor(trouble: StoreTrouble, options?: ErrorOptions) {
    super('reason' in trouble ? trouble.reason : trouble.kind, options);
    this.trouble = trouble;
  }
}

export function silentServer(written: 'no' | 'unknown' = 'no'): StoreError {
  return new StoreError({ kind: 'away', reason: 'it does not answer', written });
}

/** The codes of gRPC that are told apart here. */
const Code = {
  cancelled: 1,
  deadlineExceeded: 4,
  permissionDenied: 7,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

const ServiceError = z.object({
  code: z.int(),
  details: z.string().default(''),
  metadata: z.custom<{ get(key: string): unknown[] }>().optional(),
});

/** In which words of gRPC and of the server a call never reached a place where it could be carried out. */
const NEVER_CARRIED_OUT =
  /no connection established|channel closed before call started|name resolution failed|server is not ready|server is too busy|no leader info|failed to connect/i;
const NAME_UNKNOWN = /name resolution failed|ENOTFOUND|EAI_AGAIN/i;
const UNTRUSTED = /certificate|CERT_|altname|self.signed|unable to verify/i;
const NO_TLS = /wrong version number|packet length too long|SSL routines|EPROTO/i;

/** Whatever a call ended with, in our terms. */
export function troubleOf(error: unknown): StoreTrouble {
  if (error instanceof StoreError) return error.trouble;
  const parsed = ServiceError.safeParse(error);
  // The client's own, from before there is a connection.
  if (!parsed.success) return { kind: 'away', reason: sentenceOf(error), written: 'no' };
  const { code, details, metadata } = parsed.data;
  switch (String(metadata?.get('exception')[0] ?? '')) {
    case 'not-leader':
      return { kind: 'away', reason: 'its leader is changing', written: 'no' };
    case 'wrong-expected-version': {
      const actual = metadata?.get('actual-version')[0];
      return { kind: 'wrong revision', actual: actual === undefined ? 'no_stream' : Number(actual) };
    }
    case 'maximum-append-size-exceeded':
      return { kind: 'too large' };
    case 'stream-deleted':
      return { kind: 'refused', reason: 'somebody has deleted the stream for good' };
    case 'access-denied':
      return { kind: 'refused', reason: NOT_PERMITTED };
  }
  switch (code) {
    case Code.unauthenticated:
    case Code.permissionDenied:
      return { kind: 'refused', reason: NOT_PERMITTED };
    case Code.unimplemented:
      return { kind: 'refused', reason: 'it does not know what is asked of it' };
    case Code.deadlineExceeded:
      return { kind: 'away', reason: 'it does not answer', written: 'unknown' };
  }
  const written = NEVER_CARRIED_OUT.test(details) ? 'no' : 'unknown';
  return { kind: 'away', reason: reasonOf(code, details), written };
}

const NOT_PERMITTED = 'it does not let this user in';

/** Mostly what the system says, without the rest of gRPC's words. */
function reasonOf(code: number, details: string): string {
  if (NAME_UNKNOWN.test(details)) return 'its name is not known';
  if (/server is not ready|no leader info/i.test(details)) return 'it has no leader at the moment';
  const [, cause] = /Last error: (?:Error: )?(.*?)(?:\. Resolution note:.*)?$/s.exec(details) ?? [];
  const said = (cause ?? details).replaceAll(/\s*\n\s*/g, ' ').trim();
  if (code === Code.unavailable || code === Code.cancelled) return said || 'the connection broke';
  return said || `it failed with code ${code}`;
}

/** What no waiting mends; null where it may. */
export function lastingProblem({ reason }: { readonly reason: string }): 'certificate' | 'tls' | null {
  if (NO_TLS.test(reason)) return 'tls';
  return UNTRUSTED.test(reason) ? 'certificate' : null;
}

/** What is said of an append that may not be tried any further. */
export function unavailable(
  shown: string,
  { reason }: { readonly reason: string },
  written: 'no' | 'unknown',
  cause?: unknown,
): LedgerError {
  return new LedgerError({ kind: 'unavailable', reason: `${shown}: ${reason}`, written }, { cause });
}

function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^failed to discover/i.test(message) ? 'none of its nodes leads' : message;
}
