import { addAbortSignal, type Readable } from 'node:stream';
import type { OutputForm } from './forms.ts';
import { CONSOLE_SCOPE } from './incoming.ts';
import { untilLeaving } from './leaving.ts';
import { type InputLine, readLines } from './lines.ts';
import type { Output } from './output.ts';
import { type Listening, replyTo } from './reply.ts';

export interface PipedConversation extends Listening {
  readonly form: OutputForm;
  readonly input: Readable;
  readonly output: Output;
  /** Fires to leave: no new line is taken. */
  readonly signal: AbortSignal;
}

/** How long a line that is being carried out may go on after the signal. */
const GRACE_MS = 5_000;

/**
 * One reply for each line, also for an empty one, in order. Ends after the last line and the last running
 * job, when the signal fires, or when nobody reads the output any more.
 */
export async function conversePiped(conversation: PipedConversation): Promise<void> {
  const { bot, form, input, output } = conversation;
  const leaving = AbortSignal.any([conversation.signal, output.gone]);
  const left = new AbortController();
  bot.notices(CONSOLE_SCOPE, (notice) => void output.write(form.notice(notice)), left.signal);
  for await (const line of linesUntil(leaving, input)) {
    const reply = await untilLeaving(replyTo(line, conversation), leaving, GRACE_MS);
    if (reply !== undefined) await output.write(form.reply(reply));
    if (leaving.aborted) break;
  }
  await untilLeaving(bot.idle(CONSOLE_SCOPE), leaving, 0);
  left.abort();
}

async function* linesUntil(signal: AbortSignal, input: Readable): AsyncGenerator<InputLine> {
  try {
    yield* readLines(addAbortSignal(signal, input));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
