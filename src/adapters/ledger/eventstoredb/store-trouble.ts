import { z } from 'zod';
import { LedgerError } from '../../../domain/ledger.ts';

/** What went wrong with one call. */
export type StoreTrouble =
  /** Others have appended in between. */
  | { readonly kind: 'wrong revision'; readonly actual: number | 'no_stream' }
  /** The events of the append together, by the server's own limit. */
  | { readonly kind: 'too large' }
  /** It may go better soon. `written` says what is known of an append. */
  | {
      readonly kind: 'away';
      readonly reason: string;
      readonly written: 'no' | 'unknown';
      /** What the system said, for operators; it may name addresses. */
      readonly detail: string;
    }
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
  return new StoreError({ kind: 'away', reason: SILENT, written, detail: SILENT });
}

const SILENT = 'its server does not answer';
const NOT_PERMITTED = 'its server does not let this user in';

/** The codes of gRPC that are told apart here. */
const Code = {
  deadlineExceeded: 4,
  permissionDenied: 7,
  unimplemented: 12,
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
const WITHOUT_LEADER = /server is not ready|no leader info|failed to discover/i;
const NAME_UNKNOWN = /name resolution failed|ENOTFOUND|EAI_AGAIN/i;
const UNTRUSTED = /certificate|CERT_|altname|self.signed|unable to verify/i;
const NO_TLS = /wrong version number|packet length too long|SSL routines|EPROTO/i;

/** Whatever a call ended with, in our terms. */
export function troubleOf(error: unknown): StoreTrouble {
  if (error instanceof StoreError) return error.trouble;
  const parsed = ServiceError.safeParse(error);
  if (!parsed.success) {
    // The client's own, from before there is a connection.
    const detail = error instanceof Error ? error.message : String(error);
    return { kind: 'away', reason: reasonOf(detail), written: 'no', detail };
  }
  const { code, details, metadata } = parsed.data;
  return (
    troubleNamed(metadata) ??
    troubleCoded(code) ?? {
      kind: 'away',
      reason: reasonOf(details),
      written: NEVER_CARRIED_OUT.test(details) ? 'no' : 'unknown',
      detail: detailOf(code, details),
    }
  );
}

/** By the exception that the server names in its trailers. */
function troubleNamed(metadata: z.infer<typeof ServiceError>['metadata']): StoreTrouble | null {
  switch (String(metadata?.get('exception')[0] ?? '')) {
    case 'not-leader': {
      const reason = 'its leader is changing';
      return { kind: 'away', reason, written: 'no', detail: reason };
    }
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
    default:
      return null;
  }
}

function troubleCoded(code: number): StoreTrouble | null {
  switch (code) {
    case Code.unauthenticated:
    case Code.permissionDenied:
      return { kind: 'refused', reason: NOT_PERMITTED };
    case Code.unimplemented:
      return { kind: 'refused', reason: 'its server does not know what is asked of it' };
    case Code.deadlineExceeded:
      return { kind: 'away', reason: SILENT, written: 'unknown', detail: SILENT };
    default:
      return null;
  }
}

/** For people who know nothing of servers and shall not learn their addresses. */
function reasonOf(details: string): string {
  if (WITHOUT_LEADER.test(details)) return 'its server has no leader at the moment';
  return NEVER_CARRIED_OUT.test(details)
    ? 'its server cannot be reached'
    : 'the connection to its server broke';
}

/** Mostly what the system says, without the rest of gRPC's words. */
function detailOf(code: number, details: string): string {
  if (NAME_UNKNOWN.test(details)) return 'its name is not known';
  const [, cause] = /Last error: (?:Error: )?(.*?)(?:\. Resolution note:.*)?$/s.exec(details) ?? [];
  const said = (cause ?? details).replaceAll(/\s*\n\s*/g, ' ').trim();
  return said === '' ? `it failed with code ${code}` : said;
}

/** What no waiting mends; null where it may. */
export function lastingProblem({ detail }: { readonly detail: string }): 'certificate' | 'tls' | null {
  if (NO_TLS.test(detail)) return 'tls';
  return UNTRUSTED.test(detail) ? 'certificate' : null;
}

export function unavailable(reason: string, written: 'no' | 'unknown', cause?: unknown): LedgerError {
  return new LedgerError({ kind: 'unavailable', reason, written }, { cause });
}
