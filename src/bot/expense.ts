import { isDirect } from '../domain/direct-messages.ts';
import { Refusal } from '../domain/refusal.ts';
import { hasUnfinishedJob } from '../projections/jobs.ts';
import type { CommandContext } from './command.ts';
import { trainerOf } from './model-providers.ts';

type Needs = Pick<CommandContext, 'services' | 'cause'>;

/**
 * In direct messages everybody is their own trainer, though not at the expense of whoever runs the bot.
 * @param trainer the one that is to be used; the one of the place where it is left out
 * @throws Refusal
 */
export async function checkExpense({ services, cause: { scope } }: Needs, trainer?: string): Promise<void> {
  if (!isDirect(scope)) return;
  const used = services.providers.find((provider) => provider.trainer.name === trainer)?.trainer;
  const { name, isFree = false } = used ?? (await trainerOf(services, scope));
  const free = services.providers.flatMap((provider) =>
    provider.trainer.isFree ? [provider.trainer.name] : [],
  );
  if (!isFree) throw new Refusal(({ trainers }) => trainers.notInDirectMessages({ trainer: name, free }));
}

/** So that nobody can fill the queue that all share. @throws Refusal where a job of theirs goes on */
export async function checkTurn({ services, prior, cause: { scope } }: CommandContext): Promise<void> {
  if (!isDirect(scope) || prior !== null) return;
  if (await hasUnfinishedJob(services.readModels.db, scope))
    throw new Refusal(({ trainers }) => trainers.oneInDirectMessages);
}
