import { z } from 'zod';
import { answerDecider } from '../../domain/answer.ts';
import type { Rating } from '../../domain/events.ts';
import { guildDecider } from '../../domain/guild.ts';
import { shorten } from '../../domain/identifiers.ts';
import { Refusal } from '../../domain/refusal.ts';
import { guildStream, streamName } from '../../domain/streams.ts';
import { MemberText } from '../../domain/text.ts';
import { matchIds } from '../../projections/history.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { isLast, named, reference, rest, Word } from '../options.ts';

const ratings: ReadonlyMap<string, Rating> = new Map([
  ['+', 'up'],
  ['-', 'down'],
  ['👍', 'up'],
  ['👎', 'down'],
]);

export const feedback = defineCommand({
  name: 'feedback',
  right: 'everyone',
  begins: ['FeedbackGiven'],
  options: z.object({
    answer: named(Word.optional(), reference('answer')),
    text: rest(MemberText),
  }),
  run: async (context, options) => {
    const { cause, handle, words } = context;
    const { reference, text } = await splitReference(context, options.answer, options.text);
    const rating = ratings.get(text.trim()) ?? null;
    const remark = rating === null ? text : null;
    const kind = rating ?? 'remark';
    if (reference === undefined) {
      const data = { answer: null, member: cause.actor, rating, remark };
      const happened = [{ type: 'FeedbackGiven', data } as const];
      await handle(guildStream(cause.scope), guildDecider, { kind: 'note', happened });
      return { text: words.feedback.recorded(kind), data: { answer: null, rating, remark } };
    }
    const answer = await context.resolve('answer', reference);
    const given = { answer, member: cause.actor, rating, remark };
    const command = { kind: 'give feedback', answer, feedback: given } as const;
    const { events } = await handle(streamName(cause.scope, 'answer', answer), answerDecider, command);
    return {
      text: words.feedback.recordedOn({ kind, answer: shorten(answer), isNew: events.length > 0 }),
      data: { answer, rating, remark },
    };
  },
});

/**
 * The first word names an answer where it is `last`, looks like an id or stands before a rating; where it begins
 * the id of an answer that is known here, too. Otherwise it belongs to the remark.
 */
async function splitReference(
  { services, cause }: CommandContext,
  given: string | undefined,
  text: string,
): Promise<{ reference: string | undefined; text: string }> {
  if (given !== undefined) return { reference: given, text };
  const [, first = '', remark = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const namesAnswer =
    isLast(first) ||
    LIKE_AN_ID.test(first) ||
    ratings.has(remark.trim()) ||
    (await beginsId(services, cause.scope, first));
  if (!namesAnswer) return { reference: undefined, text };
  if (remark === '') throw new Refusal(({ feedback }) => feedback.nothingSaid(first));
  return { reference: isLast(first) ? 'last' : first, text: remark };
}

/** As long as the ids that people are shown, or longer. */
const LIKE_AN_ID = /^[0-9a-f]{8}[0-9a-f-]*$/;
/** Shorter than this, a word before a remark is more likely a word. */
const SHORTEST_PREFIX = 4;

async function beginsId(
  { readModels }: CommandContext['services'],
  scope: string,
  word: string,
): Promise<boolean> {
  if (word.length < SHORTEST_PREFIX) return false;
  const matches = await matchIds(readModels.db, scope, 'answer', word, 1);
  return matches.length > 0;
}
