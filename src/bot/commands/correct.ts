import { z } from 'zod';
import { answerDecider } from '../../domain/answer.ts';
import { deriveId, shorten } from '../../domain/identifiers.ts';
import { streamName } from '../../domain/streams.ts';
import { MemberText } from '../../domain/text.ts';
import { defineCommand } from '../command.ts';
import { named, positional, reference, rest, Word } from '../options.ts';

export const correct = defineCommand({
  name: 'correct',
  right: 'everyone',
  begins: ['CorrectionGiven'],
  options: z.object({
    answer: positional(Word, reference('answer')),
    text: rest(MemberText),
    question: named(MemberText.optional()),
  }),
  run: async ({ services, cause, handle, resolve }, options) => {
    const answer = await resolve('answer', options.answer);
    const correction = deriveId(cause.commandId, 'correction');
    await handle(streamName(cause.scope, 'answer', answer), answerDecider, {
      kind: 'give correction',
      correction: { answer, correction, member: cause.actor, text: options.text, review: 'not_required' },
    });
    const { prefix } = services.settings;
    return {
      text: `Recorded as correction ${shorten(correction)} of answer ${shorten(answer)}. ${prefix}retrain teaches it to a model.`,
      data: { answer, correction },
    };
  },
});
