import { v7 as uuidV7 } from 'uuid';
import { Refusal } from '../../domain/refusal.ts';
import type { Incoming } from '../../domain/surface.ts';

/** Where everything that is said at the console belongs. */
export const CONSOLE_SCOPE = 'local';

export interface Speaker {
  readonly name: string;
  /** Each line is `ID TEXT`: the speaker names the command, so that it can be sent again. */
  readonly givesIds: boolean;
}

/** @throws Refusal where an id is expected and there is none */
export function incomingFromLine(line: string, { name, givesIds }: Speaker): Incoming {
  if (!givesIds) return incoming(uuidV7(), name, { kind: 'text', text: line });
  const [, id, text] = /^([^\s\p{Cc}]{1,200}) (.*)$/su.exec(line) ?? [];
  if (id === undefined || text === undefined) {
    throw new Refusal((words) => words.console.noId);
  }
  return incoming(id, name, { kind: 'text', text });
}

/** A command of the program's own making. */
export function incomingCommand(
  name: string,
  options: Readonly<Record<string, string>>,
  speaker: string,
): Incoming {
  return incoming(uuidV7(), speaker, { kind: 'command', name, options });
}

function incoming(id: string, speaker: string, input: Incoming['input']): Incoming {
  return {
    id,
    input,
    actor: { id: speaker, manager: true, roles: [] },
    scope: CONSOLE_SCOPE,
    channel: 'console',
    origin: 'console',
    surface: 'console',
    locale: null,
    attachments: [],
    voice: null,
  };
}
