/** No event may be larger: data and metadata as UTF-8 JSON, in bytes. */
export const MAX_EVENT_BYTES = 900 * 1024;

/** The reason of an unavailable ledger that people can do something about. */
export const DISK_FULL = 'the disk is full';

export type LedgerFault =
  | { readonly kind: 'conflict'; readonly stream: string; readonly actual: number | 'no_stream' }
  | { readonly kind: 'too_large'; readonly bytes: number }
  | { readonly kind: 'not_json'; readonly reason: string }
  /** `written` is `unknown` where the append may or may not have gone through. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly written: 'no' | 'unknown' };

/** The closed set of what can go wrong with a ledger. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly fault: LedgerFault;

  constructor(fault: LedgerFault, options?: ErrorOptions) {
    super(describeFault(fault), options);
    this.fault = fault;
  }
}

function describeFault(fault: LedgerFault): string {
  switch (fault.kind) {
    case 'conflict':
      return `stream ${fault.stream} is at revision ${fault.actual}`;
    case 'too_large':
      return `an event of ${fault.bytes} bytes is over the limit of ${MAX_EVENT_BYTES}`;
    case 'not_json':
      return `an event cannot be kept as JSON: ${fault.reason}`;
    case 'unavailable':
      return `the ledger is unavailable: ${fault.reason}`;
  }
}
