import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { modelDecider } from '../../domain/model.ts';
import { Refusal } from '../../domain/refusal.ts';
import { modelStream } from '../../domain/streams.ts';
import { MemberText } from '../../domain/text.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { trainerOf } from '../model-providers.ts';
import { named } from '../options.ts';

export const rollback = defineCommand({
  name: 'rollback',
  right: 'trainer',
  begins: ['ModelRolledBack'],
  options: z.object({ reason: named(MemberText.optional()) }),
  run: async ({ services, cause, handle, words }, { reason }) => {
    const command = { kind: 'roll back', reason: reason ?? null } as const;
    const { events } = await handle(modelStream(cause.scope), modelDecider, command);
    const [event] = events;
    if (event === undefined) throw new Error('rolling back gave no event');
    const { dataset, previous } = event.data;
    const model = dataset === null ? await baseNow(services, event.data, cause.scope) : event.data.model;
    return {
      text: words.models.rolledBack({ model: shorten(model), previous: shorten(previous) }),
      data: { model, dataset, previous, reason: event.data.reason },
    };
  },
});

/** The base model is that of the trainer which the place has chosen by now; to go back is possible in any case. */
async function baseNow(
  services: CommandContext['services'],
  { model }: { readonly model: string },
  scope: string,
): Promise<string> {
  try {
    return (await trainerOf(services, scope)).baseModel;
  } catch (error) {
    if (error instanceof Refusal) return model;
    throw error;
  }
}
