import { languageFor, languages } from '../domain/languages/languages.ts';
import { LedgerError } from '../domain/ledger.ts';
import { defaultScopeSettings } from '../domain/scope-settings.ts';
import type { Bot, CommandDescription, Incoming, Reply } from '../domain/surface.ts';
import type { Settings } from './adapters.ts';
import { type Command, describeCommand } from './command.ts';
import { commandsOnDiscord } from './commands-on-discord.ts';
import { isNearly } from './near-commands.ts';

/**
 * Stands where the bot will be once its ledger can be reached: whatever it is asked for before, it answers in one
 * sentence that nothing was done.
 */
export class AwaitedBot implements Bot {
  readonly commands: readonly CommandDescription[];
  readonly prefix: string;
  readonly #language: Settings['language'];
  readonly #onDiscord: readonly Command[];
  readonly #arrival = Promise.withResolvers<Bot>();
  #bot: Bot | null = null;

  constructor({
    prefix,
    language,
    hasVoice,
  }: Pick<Settings, 'prefix' | 'language'> & { readonly hasVoice: boolean }) {
    this.#onDiscord = commandsOnDiscord({ hasVoice });
    this.commands = this.#onDiscord.map(describeCommand);
    this.prefix = prefix;
    this.#language = language;
  }

  /** Resolves when the bot is there. */
  get arrival(): Promise<unknown> {
    return this.#arrival.promise;
  }

  /** From now on it is this one. */
  arrive(bot: Bot): void {
    this.#bot = bot;
    this.#arrival.resolve(bot);
  }

  run: Bot['run'] = async (incoming, onText) => this.#bot?.run(incoming, onText) ?? this.#notYet(incoming);

  form: Bot['form'] = async (incoming) => this.#bot?.form(incoming) ?? { reply: this.#notYet(incoming) };

  suggest: Bot['suggest'] = async (request) => this.#bot?.suggest(request) ?? [];

  settingsOf: Bot['settingsOf'] = async (scope) => this.#bot?.settingsOf(scope) ?? defaultScopeSettings;

  isNearlyCommand: Bot['isNearlyCommand'] = (name) => isNearly(this.#onDiscord, name);

  jobStatus: Bot['jobStatus'] = async (...request) => this.#bot?.jobStatus(...request) ?? null;

  mayHear: Bot['mayHear'] = async (...request) => this.#bot?.mayHear(...request) ?? false;

  recordVoice: Bot['recordVoice'] = async (report) => {
    const reason = 'it is not reached yet';
    if (this.#bot === null) throw new LedgerError({ kind: 'unavailable', reason, written: 'no' });
    return this.#bot.recordVoice(report);
  };

  consents: Bot['consents'] = (...request) => {
    void this.#arrival.promise.then((bot) => bot.consents(...request));
  };

  notices: Bot['notices'] = (...request) => {
    void this.#arrival.promise.then((bot) => bot.notices(...request));
  };

  idle: Bot['idle'] = async (scope) => (await this.#arrival.promise).idle(scope);

  close: Bot['close'] = async () => this.#bot?.close();

  #notYet({ locale, placeLocale }: Incoming): Reply {
    // What the place has chosen stands in the ledger.
    const language = languageFor({ locale, placeLocale, chosen: null, usual: this.#language });
    const text = languages[language].ledger.awaited;
    return { command: '', ok: false, text, data: {}, files: [], actions: [], isPrivate: true };
  }
}
