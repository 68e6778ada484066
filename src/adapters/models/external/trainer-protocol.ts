import { z } from 'zod';
import { parseJsonLine } from './json-line.ts';

/** The file descriptor on which a trainer that speaks `trainer/1` writes its lines. */
export const PROTOCOL_DESCRIPTOR = 3;
export const MAX_PROTOCOL_LINE = 65_536;

const Step = z.int().nonnegative();
/** Left out, or null where a loss is not a number. */
const Figure = z.number().nullish();
const Text = z.string().max(MAX_PROTOCOL_LINE);

/** A line of the protocol `trainer/1`; docs/trainers/protocol.md says what each one means. */
export const ProtocolLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello'), protocol: Text, trainer: Text.nullish() }),
  z.object({
    kind: z.literal('progress'),
    step: Step,
    total: Step.nullish(),
    loss: Figure,
    eval_loss: Figure,
    learning_rate: Figure,
  }),
  z.object({ kind: z.literal('checkpoint'), step: Step, path: Text.nullish() }),
  z.object({ kind: z.literal('artifact'), path: Text }),
  z.object({ kind: z.literal('warn'), message: Text }),
  z.object({ kind: z.literal('done'), loss: Figure }),
  z.object({ kind: z.literal('error'), message: Text }),
]);
export type ProtocolLine = z.infer<typeof ProtocolLine>;

const kinds: ReadonlySet<unknown> = new Set(
  ProtocolLine.options.flatMap(({ shape }) => [...shape.kind.values]),
);
const OfAnyKind = z.looseObject({ kind: z.string() });

/** A kind that a later version knows is not for us; what is no line of the protocol at all is told of. */
export type ReadProtocolLine = ProtocolLine | { readonly kind: 'unknown' } | { readonly kind: 'malformed' };

export function readProtocolLine(line: string): ReadProtocolLine {
  const content = parseJsonLine(line);
  const known = ProtocolLine.safeParse(content);
  if (known.success) return known.data;
  const any = OfAnyKind.safeParse(content);
  return { kind: any.success && !kinds.has(any.data.kind) ? 'unknown' : 'malformed' };
}
