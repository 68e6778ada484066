import { shorten } from '../domain/identifiers.ts';
import type { Trainer, TrainingEstimate } from '../domain/ports.ts';
import { type CommandContext, wordsOfCommand } from './command.ts';
import { hyperparametersText } from './hyperparameters.ts';
import type { RequestedTraining, TrainableDataset, TrainingChoices } from './training-choices.ts';
import { shownCost } from './words.ts';

/** What a training will take, and how it is started. Nothing has been started. */
export function estimateAnswer(
  { words, services }: CommandContext,
  { name: trainer }: Trainer,
  { dataset, format, examples }: TrainableDataset,
  { hyperparameters }: TrainingChoices,
  estimate: TrainingEstimate,
): RequestedTraining {
  const { baseModel, method, epochs, tokens, cost } = estimate;
  const { trained, heldOut } = estimate.examples;
  const chosen = hyperparametersText(hyperparameters);
  const { name, options } = wordsOfCommand(words, 'train');
  const command = [
    `${services.settings.prefix}${name} ${shorten(dataset)} ${options.confirm?.name}=${words.lines.yes[0]}`,
    ...(chosen === '' ? [] : [`${options.hyperparameters?.name}="${chosen}"`]),
  ].join(' ');
  const shown = cost === null ? null : shownCost(cost);
  return {
    text: [
      words.jobs.estimate({ trainer, baseModel, method, trained, heldOut, epochs, tokens, cost: shown }),
      words.jobs.confirm(command),
    ].join('\n'),
    data: {
      confirm: true,
      dataset,
      sha256: dataset,
      format,
      examples,
      trainer,
      estimate: {
        baseModel,
        method,
        trained,
        heldOut,
        epochs,
        tokens,
        cost: cost === null ? null : { ...cost },
      },
    },
    actions: [
      {
        label: words.actions.train,
        emoji: null,
        style: 'success',
        kind: 'run',
        request: {
          command: 'train',
          options: { dataset, confirm: 'true', ...(chosen !== '' && { hyperparameters: chosen }) },
        },
      },
    ],
  };
}
