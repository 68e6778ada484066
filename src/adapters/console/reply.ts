import { Refusal } from '../../domain/refusal.ts';
import type { ConversingBot, Reply } from '../../domain/surface.ts';
import { incomingFromLine, type Speaker } from './incoming.ts';
import type { InputLine } from './lines.ts';

/** Every line has a reply, whatever it holds and whatever goes wrong. */
export async function replyTo(line: InputLine, bot: ConversingBot, speaker: Speaker): Promise<Reply> {
  if (line.kind === 'refused') return refused(line.reason);
  try {
    return await bot.run(incomingFromLine(line.text, speaker));
  } catch (error) {
    if (error instanceof Refusal) return refused(error.message);
    const reason = error instanceof Error ? error.message : String(error);
    return refused(`The program failed at this line (${reason}), so it may not have been done.`);
  }
}

function refused(text: string): Reply {
  return { command: '', ok: false, text, data: {}, files: [], actions: [], isPrivate: true };
}
