import { type Decider, type Decision, eventsOfTypes } from './decider.ts';
import type { EventOf } from './events.ts';
import { shorten } from './identifiers.ts';
import { Refusal } from './refusal.ts';

export type ModelEvent = EventOf<'ModelPromoted' | 'ModelRolledBack'>;

export interface TrainedModel {
  readonly model: string;
  /** What it was trained on; null for a base model. */
  readonly dataset: string | null;
}

export type ModelCommand =
  | {
      readonly kind: 'promote';
      readonly model: TrainedModel;
      /** What answers before any model was promoted. */
      readonly base: TrainedModel;
      readonly reason: string | null;
      /** The one that let it through the gate. */
      readonly evaluation: string | null;
      /** The active model that it was found better than; null where there was no gate. */
      readonly betterThan: string | null;
    }
  | { readonly kind: 'roll back'; readonly reason: string | null };

export interface ModelState {
  /** The models before the active one, the oldest first, then the active one; empty before any promotion. */
  readonly line: readonly TrainedModel[];
}

/** Which model answers in a scope. */
export const modelDecider: Decider<ModelCommand, ModelState, ModelEvent> = {
  initial: { line: [] },
  growsLong: true,
  takes: eventsOfTypes<ModelEvent>('ModelPromoted', 'ModelRolledBack'),
  decide,
  evolve,
};

function decide(command: ModelCommand, { line }: ModelState): Decision<ModelEvent> {
  const active = line.at(-1);
  if (command.kind === 'promote') {
    const previous = active ?? command.base;
    if (previous.model === command.model.model) {
      const model = shorten(previous.model);
      return new Refusal(({ refusals }) => refusals.model.alreadyActive({ model }));
    }
    const { reason, evaluation, betterThan } = command;
    // Where a base model is active, that of the trainer of today answers.
    const answers = previous.dataset === null ? command.base : previous;
    if (betterThan !== null && betterThan !== answers.model) {
      const words = {
        model: shorten(command.model.model),
        active: shorten(answers.model),
        before: shorten(betterThan),
      };
      return new Refusal(({ refusals }) => refusals.model.activeChanged(words));
    }
    const data = { ...command.model, previous: previous.model, reason, evaluation };
    return [{ type: 'ModelPromoted', data }];
  }
  const before = line.at(-2);
  if (active === undefined || before === undefined) {
    return new Refusal(({ refusals }) => refusals.model.noEarlier);
  }
  return [{ type: 'ModelRolledBack', data: { ...before, previous: active.model, reason: command.reason } }];
}

function evolve({ line }: ModelState, { type, data }: ModelEvent): ModelState {
  if (type === 'ModelRolledBack') return { line: line.slice(0, -1) };
  const before = line.length === 0 ? [{ model: data.previous, dataset: null }] : line;
  return { line: [...before, { model: data.model, dataset: data.dataset }] };
}
