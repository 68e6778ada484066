import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { modelDecider } from '../../domain/model.ts';
import { modelStream } from '../../domain/streams.ts';
import { MemberText } from '../../domain/text.ts';
import { defineCommand } from '../command.ts';
import { named } from '../options.ts';

export const rollback = defineCommand({
  name: 'rollback',
  right: 'trainer',
  begins: ['ModelRolledBack'],
  options: z.object({ reason: named(MemberText.optional()) }),
  run: async ({ cause, handle, words }, { reason }) => {
    const command = { kind: 'roll back', reason: reason ?? null } as const;
    const { events } = await handle(modelStream(cause.scope), modelDecider, command);
    const [event] = events;
    if (event === undefined) throw new Error('rolling back gave no event');
    const { model, dataset, previous } = event.data;
    return {
      text: words.models.rolledBack({ model: shorten(model), previous: shorten(previous) }),
      data: { model, dataset, previous, reason: event.data.reason },
    };
  },
});
