import { type Language, languages, languageTags } from '../../domain/languages/languages.ts';
import type { CommandDescription } from '../../domain/surface.ts';
import { neededPermissions } from './needed-permissions.ts';

export interface GreetingContext {
  readonly language: Language;
  readonly prefix: string;
  readonly commands: readonly CommandDescription[];
  /** Those that the bot has in this guild. */
  readonly granted: bigint;
}

/** How to begin, for everybody in a guild that the bot has just entered. */
export function greetingText({ language, prefix, commands, granted }: GreetingContext): string {
  const { actions, discord } = languages[language];
  const { greeting, permissions } = discord;
  const about = (name: string, say: (shown: string) => string): readonly string[] => {
    const command = commands.find((candidate) => candidate.name === name);
    return command === undefined ? [] : [say(command.localisedName[language])];
  };
  const missing = neededPermissions.filter(({ bit }) => (granted & bit) !== bit);
  return [
    greeting.welcome,
    '',
    ...about('ask', greeting.talk),
    greeting.correct(actions.menu.correct),
    ...about('retrain', (retrain) => greeting.retrain(retrain, actions.promote)),
    ...about('settings', greeting.settings),
    ...about('policy', greeting.policy),
    ...about('join', greeting.voice),
    ...about('help', (help) => greeting.help(help, prefix)),
    '',
    greeting.permissions,
    ...neededPermissions.map(({ key }) => `- ${permissions[key].name}: ${permissions[key].purpose}`),
    ...(missing.length === 0
      ? []
      : [greeting.missing(missing.map(({ key }) => permissions[key].name).join(', '))]),
  ].join('\n');
}

/** Whether a message of ours is such a greeting, in whatever language. */
export function isGreeting(text: string): boolean {
  return languageTags.some((tag) => text.startsWith(languages[tag].discord.greeting.welcome));
}
