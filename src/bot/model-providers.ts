import { shorten } from '../domain/identifiers.ts';
import type { ChatModel, Trainer } from '../domain/ports.ts';
import { Refusal } from '../domain/refusal.ts';
import { findJob } from '../projections/jobs.ts';
import { findModel } from '../projections/models.ts';
import { settingsOf } from '../projections/scopes.ts';
import type { Adapters, ModelProvider } from './adapters.ts';

type Needs = Pick<Adapters, 'providers' | 'readModels'>;

/** How people say that a place is to have the operator's usual trainer. */
export const USUAL_TRAINER = 'usual';

/** Where a place has chosen none. */
export function usualProvider({ providers: [usual] }: Pick<Needs, 'providers'>): ModelProvider {
  return usual;
}

/** Undefined where no trainer of that name is set up any more. */
export function providerNamed(
  { providers }: Pick<Needs, 'providers'>,
  name: string,
): ModelProvider | undefined {
  return providers.find(({ trainer }) => trainer.name === name);
}

/** What trains in a scope, and whose base model answers there. @throws Refusal where it is not set up any more */
export async function providerOf(needs: Needs, scope: string): Promise<ModelProvider> {
  const { trainer: chosen } = await settingsOf(needs.readModels.db, scope);
  if (chosen === null) return usualProvider(needs);
  const provider = providerNamed(needs, chosen);
  if (provider !== undefined) return provider;
  const known = trainerNames(needs);
  throw new Refusal(({ trainers }) => trainers.chosenIsNotSetUp({ trainer: chosen, known }));
}

export async function trainerOf(needs: Needs, scope: string): Promise<Trainer> {
  return (await providerOf(needs, scope)).trainer;
}

/** What answers as a model: a trained one answers where its trainer's models do. @throws Refusal where that is not set up any more */
export async function chatModelOf(needs: Needs, scope: string, model: string): Promise<ChatModel> {
  const { db } = needs.readModels;
  const trained = await findModel(db, scope, model);
  if (trained === undefined) return (await providerOfBase(needs, scope, model)).chatModel;
  const trainer = (await findJob(db, scope, trained.job))?.trainer ?? '';
  const provider = providerNamed(needs, trainer);
  if (provider !== undefined) return provider.chatModel;
  throw new Refusal(({ trainers }) => trainers.madeElsewhere({ model: shorten(model), trainer }));
}

async function providerOfBase(needs: Needs, scope: string, model: string): Promise<ModelProvider> {
  const chosen = await providerOf(needs, scope);
  if (chosen.trainer.baseModel === model) return chosen;
  const other = needs.providers.find(({ trainer }) => trainer.baseModel === model);
  if (other !== undefined) return other;
  throw new Refusal(({ trainers }) => trainers.unknownModel(shorten(model)));
}

export function isBaseModel({ providers }: Pick<Needs, 'providers'>, model: string): boolean {
  return providers.some(({ trainer }) => trainer.baseModel === model);
}

export function trainerNames({ providers }: Pick<Needs, 'providers'>): readonly string[] {
  return providers.map(({ trainer }) => trainer.name);
}
