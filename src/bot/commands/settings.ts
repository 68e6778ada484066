import { z } from 'zod';
import { complaint } from '../../domain/complaint.ts';
import { guildDecider } from '../../domain/guild.ts';
import type { Words } from '../../domain/languages/languages.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { ScopeSettings } from '../../domain/scope-settings.ts';
import { guildStream } from '../../domain/streams.ts';
import { settingsOf } from '../../projections/scopes.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { checkExpense } from '../expense.ts';
import { providerNamed, trainerNames, USUAL_TRAINER, usualProvider } from '../model-providers.ts';
import { choice, named, oneOf, Word } from '../options.ts';
import { excerpt } from '../words.ts';

const MAX_IDS = 50;
const ID = /^[\w-]{1,64}$/;

/** Ids with commas or spaces between them, also as Discord writes a role or a channel into a text; `none` for none. */
const Ids = z
  .string()
  .transform((text) => (text.trim().toLowerCase() === 'none' ? [] : idsIn(text)))
  .refine(
    (ids) => ids.length <= MAX_IDS && ids.every((id) => ID.test(id)),
    complaint((words) => words.settings.notIds(MAX_IDS)),
  );

/** One empty id where there is none at all, which is then refused. */
function idsIn(text: string): string[] {
  const ids = text.split(/[\s,]+/).map((word) => /^<(?:@&|#)(\d+)>$/.exec(word)?.[1] ?? word);
  const given = ids.filter((id) => id !== '');
  return given.length === 0 ? [''] : [...new Set(given)];
}

const reviews = ['untrusted', 'off'] as const;
const languages = ['en', 'ru', 'place'] as const;
const gates = ['off', 'evaluation'] as const;

export const settings = defineCommand({
  name: 'settings',
  right: 'manager',
  begins: ['SettingsRecorded'],
  isPrivate: true,
  options: z.object({
    trainers: named(Ids.optional(), { kind: 'role' }),
    channels: named(Ids.optional(), { kind: 'channel' }),
    review: named(oneOf(reviews).optional(), choice(reviews)),
    language: named(oneOf(languages).optional(), choice(languages)),
    gate: named(oneOf(gates).optional(), choice(gates)),
    trainer: named(Word.optional(), { kind: 'trainer' }),
  }),
  run: async (context, options) => {
    const { services, cause, handle, words } = context;
    if (options.trainer !== undefined)
      await checkExpense(
        context,
        chosenTrainer(context, options.trainer) ?? usualProvider(services).trainer.name,
      );
    const { trainers, channels, review, language, gate, trainer } = options;
    const changes: Partial<ScopeSettings> = {
      ...(trainers !== undefined && { trainerRoles: trainers }),
      ...(channels !== undefined && { answerChannels: channels }),
      ...(review !== undefined && { review }),
      ...(gate !== undefined && { gate }),
      ...(language !== undefined && { locale: language === 'place' ? null : language }),
      ...(trainer !== undefined && { trainer: chosenTrainer(context, trainer) }),
    };
    const changed: string[] = [];
    // What this command made of them is told to whoever sends it again, too.
    let recorded: ScopeSettings | undefined;
    if (Object.keys(changes).length > 0) {
      const command = { kind: 'change settings', changes } as const;
      const { events } = await handle(guildStream(cause.scope), guildDecider, command);
      recorded = events.find((event) => event.type === 'SettingsRecorded')?.data.settings;
      changed.push(events.length > 0 ? words.settings.changed : words.settings.unchanged);
    }
    const current = recorded ?? (await settingsOf(services.readModels.db, cause.scope));
    return {
      text: [...changed, ...describeSettings(current, context)].join('\n'),
      data: {
        trainerRoles: [...current.trainerRoles],
        answerChannels: [...current.answerChannels],
        review: current.review,
        locale: current.locale,
        gate: current.gate,
        trainer: current.trainer,
        trainers: [...trainerNames(services)],
      },
    };
  },
});

/** @throws Refusal where it is not set up */
function chosenTrainer({ services }: CommandContext, name: string): string | null {
  if (name.toLowerCase() === USUAL_TRAINER) return null;
  const provider = providerNamed(services, name.toLowerCase());
  if (provider !== undefined) return provider.trainer.name;
  const known = trainerNames(services);
  throw new Refusal((words) => words.settings.noTrainer({ trainer: excerpt(name, 40), known }));
}

function describeSettings(
  { trainerRoles, answerChannels, review, locale, gate, trainer }: ScopeSettings,
  { services, words: { settings }, incoming: { surface } }: CommandContext,
): string[] {
  // Discord shows the names of what is written so.
  const mention = (sign: string) => (id: string) => (surface === 'discord' ? `<${sign}${id}>` : id);
  return [
    settings.trainers(trainerRoles.map(mention('@&'))),
    settings.channels(answerChannels.map(mention('#'))),
    settings.review[review],
    settings.language[locale ?? 'place'],
    settings.gate[gate],
    trainerWords(services, trainer, settings),
  ];
}

function trainerWords(
  services: CommandContext['services'],
  chosen: string | null,
  { trainer, usualTrainer, trainerNotSetUp }: Words['settings'],
): string {
  if (chosen === null) return usualTrainer(usualProvider(services).trainer.name);
  return providerNamed(services, chosen) === undefined ? trainerNotSetUp(chosen) : trainer(chosen);
}
