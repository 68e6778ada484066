import { type DestinationStream, destination, pino } from 'pino';
import type { Log } from '../../domain/ports.ts';

export type LogLevel = 'error' | 'warn' | 'info' | 'silent';

/** A stream of the system, which has an `fd`, is written to at once, so that a process that dies has told why. */
export interface LogOutput extends DestinationStream {
  readonly fd?: number;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly output: LogOutput;
  /** Never written, wherever in a line they stand. */
  readonly secrets: readonly string[];
}

const HIDDEN = '********';

/** One JSON object a line: `level`, `time` (ISO 8601 in UTC), `msg`, and the facts. */
export function createLog({ level, output, secrets }: LogOptions): Log {
  const known = secrets.filter((secret) => secret !== '');
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      hooks: {
        streamWrite: (line) => known.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), line),
      },
    },
    output.fd === undefined ? output : destination({ dest: output.fd, sync: true }),
  );
  return {
    info: (what, facts) => logger.info(facts ?? {}, what),
    warn: (what, facts) => logger.warn(facts ?? {}, what),
    error: (what, error, facts) => logger.error({ ...facts, error: describe(error) }, what),
  };
}

/** Not the whole of it: what a library hangs on its errors can hold what people wrote, and tokens. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  return { name, message, code: 'code' in error ? String(error.code) : undefined, stack };
}
