import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';
import { languages } from '../../domain/languages/languages.ts';
import { plainForm } from './forms.ts';
import { CONSOLE_SCOPE } from './incoming.ts';
import { untilLeaving } from './leaving.ts';
import { Progress } from './progress.ts';
import { Prompt } from './prompt.ts';
import { type Listening, replyTo } from './reply.ts';

export interface TerminalConversation extends Listening {
  readonly input: Readable;
  readonly output: Writable;
  /** Fires to leave. */
  readonly signal: AbortSignal;
}

/** A conversation with a person: a prompt, colour, and a bar while a model trains. */
export async function converseAtTerminal(conversation: TerminalConversation): Promise<void> {
  const { bot, input, output, signal } = conversation;
  const words = languages[conversation.language].console;
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
  prompt.print(styled('dim', words.greeting(bot.prefix)));
  draw();
  for await (const text of prompt.lines) {
    if (text.trim() !== '') {
      busy = true;
      draw();
      const reply = await untilLeaving(replyTo({ kind: 'line', text }, conversation), leaving.signal, 0);
      busy = false;
      if (reply !== undefined)
        prompt.print(reply.ok ? visible(reply.text) : styled('red', visible(reply.text)));
    }
    draw();
  }
  output.write(progress.bar === '' ? '\n' : `\n${words.trainingGoesOn}\n`);
}

/** What is shown must not steer the terminal. */
function visible(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\u{fffd}';
  });
}
