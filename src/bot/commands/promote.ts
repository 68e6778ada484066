import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { modelDecider, type TrainedModel } from '../../domain/model.ts';
import { modelStream } from '../../domain/streams.ts';
import { MemberText } from '../../domain/text.ts';
import { activeModel, baseModel } from '../active-model.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { trainerOf } from '../model-providers.ts';
import { modelAskedFirst, namedModel } from '../named-model.ts';
import { named, positional, reference, Word } from '../options.ts';
import { passGate, requireAnswer } from '../promotion-gate.ts';

export const promote = defineCommand({
  name: 'promote',
  right: 'trainer',
  begins: ['ModelPromoted', 'PredictionMade', 'PredictionFailed'],
  options: z.object({
    model: positional(Word.optional(), reference('model')),
    reason: named(MemberText.optional()),
  }),
  run: async (context, { model, reason }) => {
    const { services, cause, handle, words } = context;
    const { evaluation, betterThan, ...promoted } = await modelToPromote(context, model);
    const base = baseModel(await trainerOf(services, cause.scope));
    const command = {
      kind: 'promote',
      model: { model: promoted.model, dataset: promoted.dataset },
      base,
      reason: reason ?? null,
      evaluation,
      betterThan,
    } as const;
    const { events } = await handle(modelStream(cause.scope), modelDecider, command);
    const previous = events[0]?.data.previous ?? base.model;
    return {
      text: words.models.promoted({ model: shorten(promoted.model), previous: shorten(previous) }),
      data: {
        model: promoted.model,
        dataset: promoted.dataset,
        previous,
        reason: reason ?? null,
        evaluation,
      },
    };
  },
});

interface Promotable extends TrainedModel {
  readonly evaluation: string | null;
  /** Null where the place has no gate. */
  readonly betterThan: string | null;
}

/** What was promoted before by the same command, or else what may be. */
async function modelToPromote(context: CommandContext, reference: string | undefined): Promise<Promotable> {
  const { prior, services, cause } = context;
  if (prior?.type === 'ModelPromoted') return { ...prior.data, betterThan: prior.data.previous };
  const candidate = (await modelAskedFirst(context)) ?? (await namedModel(context, reference));
  const active = await activeModel(services, cause.scope);
  // That it answers already is said where it is decided.
  if (candidate.model === active.model) return { ...candidate, evaluation: null, betterThan: null };
  // Where a test was begun before, it has answered.
  if (prior === null) await requireAnswer(context, candidate);
  const evaluation = await passGate(context, candidate, active);
  return { ...candidate, evaluation, betterThan: evaluation === null ? null : active.model };
}
