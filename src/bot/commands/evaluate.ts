import { z } from 'zod';
import { isBetter } from '../../domain/evaluation.ts';
import { shorten } from '../../domain/identifiers.ts';
import { findJob } from '../../projections/jobs.ts';
import { findModel } from '../../projections/models.ts';
import { activeModel } from '../active-model.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { checkExpense } from '../expense.ts';
import { providerNamed } from '../model-providers.ts';
import { modelAskedFirst, modelComparedBefore, namedModel } from '../named-model.ts';
import { positional, reference, Word } from '../options.ts';
import { withPrefix } from '../prefix.ts';
import { evaluateHeldOut } from '../processes/held-out-evaluation.ts';

export const evaluate = defineCommand({
  name: 'evaluate',
  right: 'trainer',
  begins: ['PredictionMade', 'PredictionFailed'],
  options: z.object({ model: positional(Word.optional(), reference('model')) }),
  run: async (context, options) => {
    const { services, cause, words } = context;
    await checkExpense(context);
    const candidate = (await modelAskedFirst(context)) ?? (await namedModel(context, options.model));
    const active =
      (await modelComparedBefore(context, candidate)) ?? (await activeModel(services, cause.scope));
    const evaluated = await evaluateHeldOut(context, candidate, active);
    const { evaluation, asked, examples, dataset, nearness } = evaluated;
    const { evaluations } = words;
    const isActive = active.model === candidate.model;
    const said = evaluations.compared({
      evaluation: shorten(evaluation),
      model: shorten(candidate.model),
      score: evaluations.share(nearness),
      asked,
      examples,
      dataset: shorten(dataset),
      active: isActive
        ? null
        : { model: shorten(active.model), score: evaluations.share(evaluated.active.nearness) },
    });
    const known = (await hasLearnedAll(context, candidate.model)) ? [evaluations.learnedAll] : [];
    return {
      text: [withPrefix(said, services.settings.prefix), ...known].join('\n'),
      data: {
        evaluation,
        model: candidate.model,
        dataset,
        examples,
        asked,
        score: nearness,
        active: { model: active.model, score: evaluated.active.nearness },
        better: isBetter(evaluated),
      },
    };
  },
});

/** A trainer that holds nothing out makes a model that knows the answers already. */
async function hasLearnedAll({ services, cause }: CommandContext, model: string): Promise<boolean> {
  const { db } = services.readModels;
  const row = await findModel(db, cause.scope, model);
  const job = row && (await findJob(db, cause.scope, row.job));
  return providerNamed(services, job?.trainer ?? '')?.trainer.holdsOut === false;
}
