import { type Language, languages } from '../../domain/languages/languages.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { ConversingBot, Reply } from '../../domain/surface.ts';
import { incomingFromLine, type Speaker } from './incoming.ts';
import type { InputLine } from './lines.ts';

/** Who listens to the lines, and in which language the console speaks of what the bot never sees. */
export interface Listening {
  readonly bot: ConversingBot;
  readonly speaker: Speaker;
  readonly language: Language;
}

/** Every line has a reply, whatever it holds and whatever goes wrong. */
export async function replyTo(line: InputLine, { bot, speaker, language }: Listening): Promise<Reply> {
  const words = languages[language];
  if (line.kind === 'refused') return refused(line.reason(words));
  try {
    return await bot.run(incomingFromLine(line.text, speaker));
  } catch (error) {
    if (error instanceof Refusal) return refused(error.inWords(words));
    return refused(words.console.fault(error instanceof Error ? error.message : String(error)));
  }
}

function refused(text: string): Reply {
  return { command: '', ok: false, text, data: {}, files: [], actions: [], isPrivate: true };
}
