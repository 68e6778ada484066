import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { ConversingBot } from '../../domain/surface.ts';
import { plainForm } from './forms.ts';
import { CONSOLE_SCOPE, type Speaker } from './incoming.ts';
import { untilLeaving } from './leaving.ts';
import { Progress } from './progress.ts';
import { Prompt } from './prompt.ts';
import { replyTo } from './reply.ts';

export interface TerminalConversation {
  readonly bot: ConversingBot;
  readonly speaker: Speaker;
  readonly input: Readable;
  readonly output: Writable;
  /** Fires to leave. */
  readonly signal: AbortSignal;
}

/** A conversation with a person: a prompt, colour, and a bar while a model trains. */
export async function converseAtTerminal(conversation: TerminalConversation): Promise<void> {
  const { bot, speaker, input, output, signal } = conversation;
  const prompt = new Prompt(input, output);
  const progress = new Progress();
  const leaving = new AbortController();
  prompt.onClose(() => leaving.abort());
  signal.addEventListener('abort', () => prompt.close(), { once: true });
  // The window was closed.
  output.on('error', () => prompt.close());
  if (signal.aborted) prompt.close();

  let busy = false;
  const draw = () => {
    const parts = [styled('yellow', progress.bar), busy ? '' : styled('cyan', '›')];
    prompt.show(parts.map((part) => (part === '' ? '' : `${part} `)).join(''));
  };
  const styled = (format: 'yellow' | 'cyan' | 'red' | 'green' | 'dim', text: string) =>
    text === '' ? '' : styleText(format, text, { stream: output });

  bot.notices(
    CONSOLE_SCOPE,
    (notice) => {
      progress.take(notice);
      const line = plainForm.notice(notice).trimEnd();
      if (line !== '')
        prompt.print(styled(notice.data.state === 'succeeded' ? 'green' : 'red', visible(line)));
      draw();
    },
    leaving.signal,
  );
  prompt.print(styled('dim', `Ask something, or ${bot.prefix}help; Ctrl-D leaves.`));
  draw();
  for await (const text of prompt.lines) {
    if (text.trim() !== '') {
      busy = true;
      draw();
      const reply = await untilLeaving(replyTo({ kind: 'line', text }, bot, speaker), leaving.signal, 0);
      busy = false;
      if (reply !== undefined)
        prompt.print(reply.ok ? visible(reply.text) : styled('red', visible(reply.text)));
    }
    draw();
  }
  output.write(progress.bar === '' ? '\n' : '\nTraining goes on at the next start.\n');
}

/** What is shown must not steer the terminal. */
function visible(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\u{fffd}';
  });
}
