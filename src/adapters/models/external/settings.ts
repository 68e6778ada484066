import { z } from 'zod';
import { DatasetFormat } from '../../../domain/examples.ts';
import { parseCommand } from './command-template.ts';
import type { ExternalTrainerOptions } from './trainer.ts';
import { parseNames } from './trainer-environment.ts';
import { UnsuitableSetting } from './unsuitable-setting.ts';

const MAX_HOURS = 8_760;
const MAX_STOP_SECONDS = 3_600;
const MAX_ATTEMPTS = 10;
const HOUR_MS = 3_600_000;
/** Until a trainer that says that it is worth it is started again. */
const RETRY_DELAY_MS = 10_000;

/** From the text of each setting to its value; `description` is what the configuration says of it. */
export const externalTrainerSettings = {
  /** As it was written; undefined where no trainer program is set. */
  trainerCommand: {
    schema: z.preprocess(
      emptyAsMissing,
      z
        .string()
        .transform(
          taken((text) => {
            parseCommand(text, process.cwd());
            return text;
          }),
        )
        .optional(),
    ),
    description: {
      variable: 'TRAINER_COMMAND',
      purpose:
        'the program that trains where TRAINER is external, with {train} {valid} {base_model} {method} {out} {seed} {config} {job_dir} in their places',
      allowed: 'a program and its arguments: words with spaces between them, or a JSON array of texts',
    },
  },
  trainerFormats: {
    schema: z
      .string()
      .default('sft,dpo')
      .transform((text) => text.split(/[\s,]+/).filter((word) => word !== ''))
      .pipe(z.array(DatasetFormat).min(1)),
    description: {
      variable: 'TRAINER_FORMATS',
      purpose: 'what kinds of datasets the trainer program can train on',
      allowed: 'some of sft, dpo and kto with commas between them',
    },
  },
  trainerEnvironment: {
    schema: z.string().default('').transform(taken(parseNames)),
    description: {
      variable: 'TRAINER_ENVIRONMENT',
      purpose: 'variables that the trainer program gets beside the usual ones, such as HF_TOKEN',
      allowed: "names with commas between them, none of the bot's own secrets",
    },
  },
  trainerTimeLimitHours: {
    schema: wholeNumber(1, MAX_HOURS, 72),
    description: {
      variable: 'TRAINER_TIME_LIMIT_HOURS',
      purpose: 'after how many hours the trainer program is ended',
      allowed: `a whole number from 1 to ${MAX_HOURS}`,
    },
  },
  trainerStopSeconds: {
    schema: wholeNumber(1, MAX_STOP_SECONDS, 30),
    description: {
      variable: 'TRAINER_STOP_SECONDS',
      purpose: 'how long a trainer program that is told to end may take before it is killed',
      allowed: `a whole number from 1 to ${MAX_STOP_SECONDS}`,
    },
  },
  trainerAttempts: {
    schema: wholeNumber(1, MAX_ATTEMPTS, 3),
    description: {
      variable: 'TRAINER_ATTEMPTS',
      purpose: 'how often a trainer program that says that it is worth it (exit code 5) is started in all',
      allowed: `a whole number from 1 to ${MAX_ATTEMPTS}`,
    },
  },
};

/** As the settings of these names hold. */
export type ExternalConfiguration = {
  readonly [Name in keyof typeof externalTrainerSettings]: z.infer<
    (typeof externalTrainerSettings)[Name]['schema']
  >;
};

/** @param command what TRAINER_COMMAND says */
export function externalOptions(
  command: string,
  configuration: ExternalConfiguration,
  given: Pick<
    ExternalTrainerOptions,
    'vault' | 'directory' | 'model' | 'baseModel' | 'variables' | 'passedOn'
  >,
): ExternalTrainerOptions {
  const { trainerFormats, trainerTimeLimitHours, trainerStopSeconds, trainerAttempts } = configuration;
  return {
    ...given,
    command: parseCommand(command, process.cwd()),
    formats: trainerFormats,
    timeLimitMs: trainerTimeLimitHours * HOUR_MS,
    stopMs: trainerStopSeconds * 1_000,
    attempts: trainerAttempts,
    retryDelayMs: RETRY_DELAY_MS,
  };
}

function emptyAsMissing(value: unknown): unknown {
  return value === '' ? undefined : value;
}

/** A reader of text that throws UnsuitableSetting, as a step of a schema. */
function taken<Value>(read: (text: string) => Value) {
  return (text: string, context: z.RefinementCtx): Value => {
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof UnsuitableSetting)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  };
}

function wholeNumber(least: number, most: number, usual: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .default(String(usual))
    .transform(Number)
    .pipe(z.int().min(least).max(most));
}
