import { z } from 'zod';
import { complaint } from '../domain/complaint.ts';
import type { EventData } from '../domain/events.ts';

type Chosen = EventData<'TrainingRequested'>['hyperparameters'];

const MOST = 20;
const PAIR = /^([a-z][a-z0-9_]{0,39})=([^\s=,"]{1,60})$/i;
const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** As servers and the wrappers of trainer programs call it. */
const EPOCHS = 'n_epochs';

/** `name=value` with spaces or commas between; which there are and what they may be is for the trainer to say. */
export const Hyperparameters = z
  .string()
  .refine(
    (text) => {
      const pairs = pairsIn(text);
      const names = pairs.map((pair) => PAIR.exec(pair)?.[1]);
      return (
        pairs.length > 0 &&
        pairs.length <= MOST &&
        !names.includes(undefined) &&
        new Set(names).size === pairs.length
      );
    },
    complaint((words) => words.jobs.notHyperparameters(MOST)),
  )
  .transform((text) => Object.fromEntries(pairsIn(text).map(pairOf)));

/** What was chosen in a command. */
export function chosenHyperparameters({
  epochs,
  hyperparameters = {},
}: {
  readonly epochs?: number | undefined;
  readonly hyperparameters?: Chosen | undefined;
}): Chosen {
  return { ...hyperparameters, ...(epochs !== undefined && { [EPOCHS]: epochs }) };
}

/** As the option takes it. */
export function hyperparametersText(chosen: Chosen): string {
  return Object.entries(chosen)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function pairsIn(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((pair) => pair !== '');
}

function pairOf(pair: string): readonly [string, string | number] {
  const [, name = '', value = ''] = PAIR.exec(pair) ?? [];
  return [name, NUMBER.test(value) && Number.isFinite(Number(value)) ? Number(value) : value];
}
