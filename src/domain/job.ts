import { type Decider, type Decision, eventsOfTypes } from './decider.ts';
import type { EventData, EventOf } from './events.ts';
import { shorten } from './identifiers.ts';
import { Refusal } from './refusal.ts';

export type JobEvent = EventOf<
  | 'TrainingRequested'
  | 'TrainingTaken'
  | 'TrainingFileUploaded'
  | 'TrainingStarted'
  | 'TrainingProgressed'
  | 'TrainingSucceeded'
  | 'TrainingFailed'
  | 'TrainingCancelled'
>;

/** What people are told of: not which process it is that trains. */
export type JobNews = Exclude<JobEvent, { type: 'TrainingTaken' }>;

export type JobCommand =
  | { readonly kind: 'request training'; readonly request: EventData<'TrainingRequested'> }
  | { readonly kind: 'cancel training'; readonly job: string }
  /** @param from the process that drove it before, as far as the new one knows; null where none did */
  | { readonly kind: 'take'; readonly job: string; readonly process: string; readonly from: string | null }
  | {
      readonly kind: 'record';
      readonly process: string;
      readonly event: Exclude<JobNews, { type: 'TrainingRequested' | 'TrainingCancelled' }>;
    };

export type JobState =
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'unfinished';
      /** Which process drives it. */
      readonly process: string | null;
      readonly file: string | null;
      readonly started: boolean;
      readonly reference: string | null;
      readonly step: number;
      /** Whether an evaluation of that step is known. */
      readonly evaluated: boolean;
    }
  | { readonly kind: 'ended'; readonly as: 'succeeded' | 'failed' | 'cancelled' };

export const jobDecider: Decider<JobCommand, JobState, JobEvent> = {
  initial: { kind: 'unknown' },
  growsLong: true,
  takes: eventsOfTypes<JobEvent>(
    'TrainingRequested',
    'TrainingTaken',
    'TrainingFileUploaded',
    'TrainingStarted',
    'TrainingProgressed',
    'TrainingSucceeded',
    'TrainingFailed',
    'TrainingCancelled',
  ),
  decide,
  evolve,
};

function decide(command: JobCommand, state: JobState): Decision<JobEvent> {
  if (command.kind === 'request training') {
    return state.kind === 'unknown' ? [{ type: 'TrainingRequested', data: command.request }] : [];
  }
  if (state.kind === 'unknown') return new Refusal(({ refusals }) => refusals.job.unknown);
  if (command.kind === 'cancel training') {
    if (state.kind === 'unfinished') return [{ type: 'TrainingCancelled', data: { job: command.job } }];
    const { as } = state;
    return new Refusal(({ refusals }) => refusals.job.ended({ job: shorten(command.job), as }));
  }
  // What a trainer reports again after a restart, or after the end, or to a process that no longer drives it, is no news.
  if (state.kind === 'ended') return [];
  if (command.kind === 'take') return take(command, state);
  return state.process !== command.process || isKnown(command.event, state) ? [] : [command.event];
}

type Unfinished = Extract<JobState, { kind: 'unfinished' }>;

function take(
  { job, process, from }: Extract<JobCommand, { kind: 'take' }>,
  state: Unfinished,
): Decision<JobEvent> {
  if (state.process === process || state.process !== from) return [];
  return [{ type: 'TrainingTaken', data: { job, process, from } }];
}

function isKnown(event: JobEvent, state: Unfinished): boolean {
  switch (event.type) {
    case 'TrainingFileUploaded':
      return state.file === event.data.file;
    case 'TrainingStarted':
      return state.started && state.reference === event.data.reference;
    case 'TrainingProgressed':
      return (
        event.data.step < state.step || (event.data.step === state.step && !isNewEvaluation(event, state))
      );
    default:
      return false;
  }
}

/** An evaluation comes after the step that it belongs to. */
function isNewEvaluation({ data }: EventOf<'TrainingProgressed'>, state: Unfinished): boolean {
  return data.step > 0 && data.evaluationLoss !== null && !state.evaluated;
}

function evolve(state: JobState, event: JobEvent): JobState {
  switch (event.type) {
    case 'TrainingRequested':
      return {
        kind: 'unfinished',
        process: null,
        file: null,
        started: false,
        reference: null,
        step: 0,
        evaluated: false,
      };
    case 'TrainingSucceeded':
      return { kind: 'ended', as: 'succeeded' };
    case 'TrainingFailed':
      return { kind: 'ended', as: 'failed' };
    case 'TrainingCancelled':
      return { kind: 'ended', as: 'cancelled' };
    default:
      return state.kind === 'unfinished' ? evolveUnfinished(state, event) : state;
  }
}

function evolveUnfinished(
  state: Unfinished,
  event: EventOf<'TrainingTaken' | 'TrainingFileUploaded' | 'TrainingStarted' | 'TrainingProgressed'>,
): JobState {
  switch (event.type) {
    case 'TrainingTaken':
      return { ...state, process: event.data.process };
    case 'TrainingFileUploaded':
      return { ...state, file: event.data.file };
    case 'TrainingStarted':
      return {
        ...state,
        started: true,
        reference: event.data.reference,
        // What is begun anew begins with its first step.
        step: state.reference === null || state.reference === event.data.reference ? state.step : 0,
      };
    case 'TrainingProgressed':
      return {
        ...state,
        step: event.data.step,
        evaluated: event.data.evaluationLoss !== null || (state.evaluated && event.data.step === state.step),
      };
  }
}
