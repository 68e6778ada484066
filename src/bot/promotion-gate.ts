import { isBetter } from '../domain/evaluation.ts';
import { HeldOutComparison } from '../domain/events.ts';
import { shorten } from '../domain/identifiers.ts';
import type { TrainedModel } from '../domain/model.ts';
import { Refusal } from '../domain/refusal.ts';
import { answersOfEvaluation, comparisonsOf } from '../projections/answers.ts';
import type { CommandContext } from './command.ts';
import { recoverModel } from './lost-content.ts';
import { chatModelOf } from './model-providers.ts';
import { evaluateHeldOut } from './processes/held-out-evaluation.ts';

/** Nothing of the answer is kept. @throws Refusal where the model cannot answer, with the reason */
export async function requireAnswer(
  { services, cause, language, words }: CommandContext,
  { model }: TrainedModel,
): Promise<void> {
  try {
    await recoverModel(services, cause.scope, model);
    const messages = [{ role: 'user', content: words.models.trial } as const];
    const chatModel = await chatModelOf(services, cause.scope, model);
    await chatModel.answer({ model, messages, language });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal((said) =>
      said.models.doesNotAnswer({ model: shorten(model), reason: error.inWords(said) }),
    );
  }
}

/**
 * Where the place has a gate, the newest evaluation of the model against the active one, made now where there is none.
 * @returns its id; null where there is no gate
 * @throws Refusal where the model is not better than the active one, with both scores
 */
export async function passGate(
  context: CommandContext,
  candidate: TrainedModel,
  active: TrainedModel,
): Promise<string | null> {
  if (context.settings.gate === 'off') return null;
  const known = await knownComparison(context, candidate, active);
  const { evaluation, ...compared } = known ?? (await evaluateHeldOut(context, candidate, active));
  if (isBetter(compared)) return evaluation;
  throw new Refusal(({ models, evaluations }) =>
    models.notBetter({
      model: shorten(candidate.model),
      score: evaluations.share(compared.nearness),
      examples: compared.examples,
      dataset: shorten(compared.dataset),
      active: shorten(active.model),
      activeScore: evaluations.share(compared.active.nearness),
      evaluation: shorten(evaluation),
    }),
  );
}

async function knownComparison(
  { services, cause }: CommandContext,
  candidate: TrainedModel,
  active: TrainedModel,
): Promise<({ readonly evaluation: string } & HeldOutComparison) | undefined> {
  const { db } = services.readModels;
  const rows = await comparisonsOf(db, cause.scope, candidate.model);
  const known = rows
    .map(({ id, held_out }) => ({ evaluation: id, ...HeldOutComparison.parse(JSON.parse(held_out)) }))
    .filter(({ dataset, active: { model } }) => dataset === candidate.dataset && model === active.model);
  for (const comparison of known) {
    const answers = await answersOfEvaluation(db, cause.scope, comparison.evaluation);
    // Earlier versions took a question that was left unanswered for one that was answered badly.
    if (answers.every(({ response }) => response !== null)) return comparison;
  }
  return undefined;
}
