import type { DomainEvent } from './events.ts';
import type { Refusal } from './refusal.ts';

/** The events that a command leads to (none where it changes nothing), or why it is refused. */
export type Decision<Event extends DomainEvent> = readonly Event[] | Refusal;

/** What one kind of stream decides by: pure functions of its events so far and the command. */
export interface Decider<Command, State, Event extends DomainEvent> {
  readonly initial: State;
  decide(command: Command, state: State): Decision<Event>;
  evolve(state: State, event: Event): State;
  /** Whether such streams grow so long that folding them anew for every command would be felt. */
  readonly growsLong?: boolean;
  /** Whether an event belongs to this kind of stream. */
  takes(event: DomainEvent): event is Event;
}

/** The `takes` of a decider, from the types of its events. */
export function eventsOfTypes<Event extends DomainEvent>(
  ...types: readonly Event['type'][]
): (event: DomainEvent) => event is Event {
  const known: ReadonlySet<string> = new Set(types);
  return (event): event is Event => known.has(event.type);
}
