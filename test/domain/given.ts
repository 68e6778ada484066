import { expect } from 'vitest';
import type { Decider } from '../../src/domain/decider.ts';
import type { DomainEvent } from '../../src/domain/events.ts';
import { Refusal } from '../../src/domain/refusal.ts';

interface Outcome<Event> {
  thenRecords(...events: readonly Event[]): void;
  thenRefuses(sentence: RegExp): void;
}

/** What a decider makes of a command after these events. */
export function given<Command, State, Event extends DomainEvent>(
  decider: Decider<Command, State, Event>,
  ...events: readonly Event[]
): { when(command: Command): Outcome<Event> } {
  expect(events.every((event) => decider.takes(event))).toBe(true);
  const state = events.reduce((before, event) => decider.evolve(before, event), decider.initial);
  return {
    when(command) {
      const decision = decider.decide(command, state);
      return {
        thenRecords: (...expected) => expect(decision).toEqual(expected),
        thenRefuses(sentence) {
          expect(decision).toBeInstanceOf(Refusal);
          if (decision instanceof Refusal) expect(decision.message).toMatch(sentence);
        },
      };
    },
  };
}
