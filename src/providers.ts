import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEmbeddedModel } from './adapters/models/embedded/model.ts';
import { createEmbeddedTrainer } from './adapters/models/embedded/trainer.ts';
import type { Adapters, ModelProvider } from './bot/adapters.ts';
import type { Configuration } from './configuration.ts';
import type { Log, Vault } from './domain/ports.ts';
import { unfinishedJobs } from './projections/jobs.ts';
import type { ReadModels } from './projections/projector.ts';
import type { TrainerProgram } from './trainer-choices.ts';

interface Needs {
  readonly vault: Vault;
  readonly readModels: ReadModels;
  readonly log?: Log;
}

type Provided = Pick<Adapters, 'providers' | 'transcriber'>;

/** All that trains, answers and writes down what is said, as it was configured. */
export async function openProviders(configuration: Configuration, needs: Needs): Promise<Provided> {
  const { trainers, commandPrefix } = configuration;
  const { vault } = needs;
  const all: ModelProvider[] = [
    {
      trainer: createEmbeddedTrainer({ vault }),
      chatModel: createEmbeddedModel({ vault, commandPrefix }),
    },
    ...(await servers(configuration, needs)),
    ...(trainers.program === null ? [] : [await program(configuration, trainers.program, needs)]),
  ];
  await endAbandoned(configuration, needs);
  const usual = all.find(({ trainer }) => trainer.name === trainers.usual);
  if (usual === undefined) throw new Error(`the trainer ${trainers.usual} was not created`);
  return {
    providers: [usual, ...all.filter((provider) => provider !== usual)],
    transcriber: await transcriber(configuration),
  };
}

/** What speaks OpenAI's API is loaded only where it is used: most of the time to start would be spent on it. */
async function servers(
  { trainers, dataDir }: Configuration,
  { vault, log }: Needs,
): Promise<readonly ModelProvider[]> {
  const named = Object.entries(trainers.servers);
  if (named.length === 0) return [];
  const [{ createOpenAiModel }, { createOpenAiTrainer }, { answeringOptions, trainingOptions }] =
    await Promise.all([
      import('./adapters/models/openai/model.ts'),
      import('./adapters/models/openai/trainer.ts'),
      import('./adapters/models/openai/settings.ts'),
    ]);
  return named.map(([name, server]) => {
    const directory = join(dataDir, 'uploads', name);
    const options = { name, vault, directory, ...(log !== undefined && { log }) };
    return {
      trainer: createOpenAiTrainer(trainingOptions(server, options)),
      chatModel: createOpenAiModel(answeringOptions(server)),
    };
  });
}

async function program(
  configuration: Configuration,
  { command, model, baseModel, server }: TrainerProgram,
  { vault }: Needs,
): Promise<ModelProvider> {
  const [{ createOpenAiModel }, { answeringOptions }, { createExternalTrainer }, { externalOptions }] =
    await Promise.all([
      import('./adapters/models/openai/model.ts'),
      import('./adapters/models/openai/settings.ts'),
      import('./adapters/models/external/trainer.ts'),
      import('./adapters/models/external/settings.ts'),
    ]);
  const options = externalOptions(command, configuration, {
    vault,
    directory: trainingsDirectory(configuration),
    model,
    baseModel,
    variables: process.env,
    passedOn: { names: configuration.trainerEnvironment, secrets: configuration.trainers.secrets },
  });
  return {
    trainer: createExternalTrainer(options),
    chatModel: createOpenAiModel(answeringOptions(server)),
  };
}

function trainingsDirectory({ dataDir }: Configuration): string {
  return join(dataDir, 'trainings');
}

/** Also where no program is set any more. */
async function endAbandoned(configuration: Configuration, { readModels, log }: Needs): Promise<void> {
  const directory = trainingsDirectory(configuration);
  if (!existsSync(directory)) return;
  const { endAbandonedTrainings } = await import('./adapters/models/external/abandoned-trainings.ts');
  const unfinished = await unfinishedJobs(readModels.db);
  const stopMs = configuration.trainerStopSeconds * 1_000;
  const ended = await endAbandonedTrainings({ directory, stopMs }, new Set(unfinished.map(({ id }) => id)));
  for (const job of ended) log?.warn('ended a trainer program whose job is over', { job });
}

async function transcriber({ trainers: { transcription } }: Configuration): Promise<Adapters['transcriber']> {
  if (transcription === null) return null;
  const [{ OpenAiTranscriber }, { answeringEndpoint }] = await Promise.all([
    import('./adapters/models/openai/transcriber.ts'),
    import('./adapters/models/openai/settings.ts'),
  ]);
  return new OpenAiTranscriber({
    endpoint: answeringEndpoint(transcription),
    model: transcription.openAiTranscriptionModel,
  });
}
