import type { Facts, Log } from '../../../../src/domain/ports.ts';

/** What an operator would read. */
export class RecordedLog implements Log {
  readonly lines: { readonly what: string; readonly facts: Facts }[] = [];
  readonly warnings: string[] = [];
  readonly failures: string[] = [];
  readonly errors: unknown[] = [];

  info(what: string, facts: Facts = {}): void {
    this.lines.push({ what, facts });
  }

  warn(what: string, facts: Facts = {}): void {
    this.lines.push({ what, facts });
    this.warnings.push(what);
  }

  error(what: string, error: unknown, facts: Facts = {}): void {
    this.lines.push({ what, facts });
    this.failures.push(what);
    this.errors.push(error);
  }
}
