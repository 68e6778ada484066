import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { StoredEvent } from '../../domain/events.ts';

/** How an event stands in an export: all of it but its position, which follows from the order of the lines. */
const ExportedEvent = z.strictObject({
  id: z.guid(),
  stream: z.string(),
  revision: z.int().nonnegative(),
  type: z.string(),
  data: z.unknown(),
  metadata: z.unknown(),
});
export type ExportedEvent = z.infer<typeof ExportedEvent>;

/** A line that is not as it was exported. */
export class BadLine extends Error {
  override readonly name = 'BadLine';
  /** From 1. */
  readonly line: number;
  readonly problem: string;

  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
    this.problem = problem;
  }
}

/** RFC 8785 canonical JSON, without the line feed. */
export function exportedLine({ id, stream, revision, type, data, metadata }: StoredEvent): string {
  return String(canonicalize({ id, stream, revision, type, data, metadata }));
}

/** @throws BadLine where the line would not be the same if it were exported again */
export function parseExportedLine(text: string, line: number): ExportedEvent {
  const content = parseJson(text, line);
  const event = ExportedEvent.safeParse(content);
  if (!event.success) {
    const [issue] = event.error.issues;
    throw new BadLine(line, `it is not an exported event (${issue?.path.join('.')}: ${issue?.message})`);
  }
  if (canonicalize(content) !== text) throw new BadLine(line, 'it is not canonical JSON (RFC 8785)');
  return event.data;
}

function parseJson(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadLine(line, `it is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}
