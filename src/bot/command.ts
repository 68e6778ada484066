import type { z } from 'zod';
import type { Decider } from '../domain/decider.ts';
import type { DomainEvent, EventType, Recorded } from '../domain/events.ts';
import type { Cause, Handled } from '../domain/ledger.ts';
import type { Incoming, JsonObject, ReplyFile } from '../domain/surface.ts';
import { parseOptions, usageOf } from './options.ts';
import type { ReferenceKind } from './references.ts';
import type { Services } from './services.ts';

/** What a command answers; a Refusal is thrown. */
export interface Answered {
  readonly text: string;
  readonly data?: JsonObject;
  readonly files?: readonly ReplyFile[];
  /** False where the command was carried out and the result is a failure. */
  readonly ok?: boolean;
}

export interface CommandContext {
  readonly services: Services;
  readonly incoming: Incoming;
  readonly cause: Cause;
  /** The first event of this command where it was already carried out, wholly or in part. */
  readonly prior: Recorded | null;
  readonly commands: readonly Command[];
  /** Decides, appends and waits until the read models show it. */
  handle<C, S, E extends DomainEvent>(
    stream: string,
    decider: Decider<C, S, E>,
    command: C,
  ): Promise<Handled<E>>;
  /** The full id that a prefix or `last` stands for. @throws Refusal */
  resolve(kind: ReferenceKind, reference: string): Promise<string>;
}

/** One definition for every surface. */
export interface CommandDefinition<Options extends z.ZodObject> {
  readonly name: string;
  readonly summary: string;
  /** A line that works as it stands, without the prefix. */
  readonly example: string;
  readonly right: 'everyone' | 'trainer';
  /** What the first event that it records can be; left out where it records nothing. */
  readonly begins?: readonly EventType[];
  /** Every surface where it is left out. */
  readonly surfaces?: readonly Incoming['surface'][];
  readonly options: Options;
  run(context: CommandContext, options: z.infer<Options>): Promise<Answered>;
}

export interface Command extends Omit<CommandDefinition<z.ZodObject>, 'run'> {
  /** @throws Refusal also where the options do not fit */
  execute(context: CommandContext, raw: Readonly<Record<string, string>>): Promise<Answered>;
}

export function defineCommand<Options extends z.ZodObject>(definition: CommandDefinition<Options>): Command {
  const { run, ...rest } = definition;
  return {
    ...rest,
    execute: async (context, raw) => {
      const usage = usageOf(context.services.settings.prefix, definition.name, definition.options);
      return run(context, parseOptions(definition.options, raw, usage));
    },
  };
}
