import { describe, expect, it } from 'vitest';
import { type ModelEvent, modelDecider, type TrainedModel } from '../../src/domain/model.ts';
import { given } from './given.ts';
import { sha } from './samples.ts';

const base = { model: 'base', dataset: null };
const one = { model: 'one', dataset: sha(1) };
const two = { model: 'two', dataset: sha(2) };

const promote = (model: TrainedModel, reason: string | null = null, betterThan: string | null = null) =>
  ({ kind: 'promote', model, base, reason, evaluation: 'e1', betterThan }) as const;
const rollBack = { kind: 'roll back', reason: 'it was worse' } as const;

const promoted = (model: TrainedModel, previous: TrainedModel, reason: string | null = null): ModelEvent => ({
  type: 'ModelPromoted',
  data: { ...model, previous: previous.model, reason, evaluation: 'e1' },
});
const rolledBack = (model: TrainedModel, previous: TrainedModel): ModelEvent => ({
  type: 'ModelRolledBack',
  data: { ...model, previous: previous.model, reason: 'it was worse' },
});

describe('which model answers', () => {
  it('is the base model until one is promoted', () => {
    given(modelDecider)
      .when(promote(one, 'why not'))
      .thenRecords(promoted(one, base, 'why not'));
    given(modelDecider)
      .when(promote(base))
      .thenRefuses(/^The model base is already the active one\.$/);
  });

  it('is the one promoted last', () => {
    given(modelDecider, promoted(one, base)).when(promote(two)).thenRecords(promoted(two, one));
    given(modelDecider, promoted(one, base))
      .when(promote(one))
      .thenRefuses(/^The model one is already the active one\.$/);
    given(modelDecider, promoted(one, base)).when(promote(base)).thenRecords(promoted(base, one));
  });

  it('is one that was found better than the one that answers now, not than another one', () => {
    for (const [events, active] of [
      [[], base],
      [[promoted(one, base)], one],
      [[promoted(one, base), rolledBack(base, one)], base],
    ] as const) {
      given(modelDecider, ...events)
        .when(promote(two, null, active.model))
        .thenRecords(promoted(two, active));
      given(modelDecider, ...events)
        .when(promote(two, null, 'three'))
        .thenRefuses(
          new RegExp(
            `^The model two was compared with three, and meanwhile ${active.model} has become .*; promote it again`,
          ),
        );
    }
    // A base model is that of the trainer of today.
    given(modelDecider, promoted(one, base), rolledBack({ model: 'older base', dataset: null }, one))
      .when(promote(two, null, 'base'))
      .thenRecords(promoted(two, base));
  });

  it('goes back one model with each rollback, down to the base model', () => {
    const events = [promoted(one, base), promoted(two, one)];
    given(modelDecider, ...events)
      .when(rollBack)
      .thenRecords(rolledBack(one, two));
    events.push(rolledBack(one, two));
    given(modelDecider, ...events)
      .when(rollBack)
      .thenRecords(rolledBack(base, one));
    events.push(rolledBack(base, one));
    given(modelDecider, ...events)
      .when(rollBack)
      .thenRefuses(/no earlier model to go back to; !models /);
    given(modelDecider, ...events)
      .when(promote(two))
      .thenRecords(promoted(two, base));
  });

  it('goes back to what answered before, not to what was rolled back', () => {
    const events = [promoted(one, base), rolledBack(base, one), promoted(two, base)];
    given(modelDecider, ...events)
      .when(rollBack)
      .thenRecords(rolledBack(base, two));
  });

  it('has nothing to go back to before any promotion', () => {
    given(modelDecider)
      .when(rollBack)
      .thenRefuses(/^There is no earlier model to go back to; !models /);
  });

  it('is the last of the line that the events leave', () => {
    const events = [promoted(one, base), promoted(two, one), rolledBack(one, two)];
    const state = events.reduce(modelDecider.evolve, modelDecider.initial);
    expect(state.line).toEqual([base, one]);
  });
});
