import { z } from 'zod';
import { answerDecider } from '../../domain/answer.ts';
import { shorten } from '../../domain/identifiers.ts';
import { streamName } from '../../domain/streams.ts';
import { defineCommand } from '../command.ts';
import { positional, reference, Word } from '../options.ts';

export const withdraw = defineCommand({
  name: 'withdraw',
  right: 'everyone',
  begins: ['CorrectionWithdrawn'],
  options: z.object({ answer: positional(Word, reference('answer')) }),
  run: async ({ cause, handle, resolve, words }, options) => {
    const answer = await resolve('answer', options.answer);
    const command = { kind: 'withdraw correction', answer, member: cause.actor } as const;
    const { events } = await handle(streamName(cause.scope, 'answer', answer), answerDecider, command);
    const correction = events.flatMap((event) =>
      event.type === 'CorrectionWithdrawn' ? event.data.correction : [],
    )[0];
    if (correction === undefined) throw new Error(`withdrawing from the answer ${answer} gave no event`);
    return {
      text: words.corrections.withdrawn({ correction: shorten(correction), answer: shorten(answer) }),
      data: { answer, correction },
    };
  },
});
