import { deriveId, shorten } from '../domain/identifiers.ts';
import type { Trainer, TrainingEstimate } from '../domain/ports.ts';
import { type CommandContext, wordsOfCommand } from './command.ts';
import { hyperparametersText } from './hyperparameters.ts';
import type { RequestedTraining, TrainableDataset, TrainingChoices } from './training-choices.ts';
import { shownCost } from './words.ts';

/** Of an estimate as it was shown once: when it was shown, and what it said. */
export const ESTIMATE_ID = /^[0-9a-f]{8}-[0-9a-f]{8}$/;
/** As much of a dataset's id as tells it from every other one; a button has little room. */
const DATASET_DIGITS = 16;

/** Whether what was shown under this id is what a training would take now. */
export function isOfEstimate(id: string, terms: Terms): boolean {
  return id.endsWith(`-${digestOf(terms)}`);
}

interface Terms {
  readonly scope: string;
  readonly trainer: Pick<Trainer, 'name'>;
  readonly dataset: Pick<TrainableDataset, 'dataset'>;
  readonly choices: Pick<TrainingChoices, 'hyperparameters'>;
  readonly estimate: TrainingEstimate;
}

function digestOf({ scope, trainer, dataset, choices, estimate }: Terms): string {
  const { baseModel, method, epochs, tokens, cost } = estimate;
  const said = [
    trainer.name,
    baseModel,
    method,
    epochs,
    tokens,
    cost?.amount ?? null,
    cost?.currency ?? null,
  ];
  return shorten(
    deriveId('terms', scope, dataset.dataset, JSON.stringify(choices.hyperparameters), JSON.stringify(said)),
  );
}

/** What a training will take, and how it is started. Nothing has been started. */
export function estimateAnswer(
  { words, services, cause }: CommandContext,
  terms: Omit<Terms, 'scope' | 'dataset'> & { readonly dataset: TrainableDataset },
): RequestedTraining {
  const { estimate } = terms;
  const { name: trainer } = terms.trainer;
  const { dataset, format, examples } = terms.dataset;
  const { hyperparameters } = terms.choices;
  const id = `${shorten(deriveId(cause.commandId, 'estimate'))}-${digestOf({ ...terms, scope: cause.scope })}`;
  const { baseModel, method, epochs, tokens, cost } = estimate;
  const { trained, heldOut } = estimate.examples;
  const chosen = hyperparametersText(hyperparameters);
  const { name, options } = wordsOfCommand(words, 'train');
  const command = [
    `${services.settings.prefix}${name} ${shorten(dataset)} ${options.confirm?.name}=${id}`,
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
        id,
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
          options: {
            dataset: dataset.slice(0, DATASET_DIGITS),
            confirm: id,
            ...(chosen !== '' && { hyperparameters: chosen }),
          },
        },
      },
    ],
  };
}
