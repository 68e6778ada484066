import { languageOf, languages } from '../domain/languages/languages.ts';
import { LedgerError } from '../domain/ledger.ts';
import { defaultScopeSettings } from '../domain/scope-settings.ts';
import type { Bot, CommandDescription, Incoming, Reply } from '../domain/surface.ts';
import type { Settings } from './adapters.ts';
import { commandsOnDiscord } from './bot.ts';

/**
 * Stands where the bot will be once its ledger can be reached: whatever it is asked for before, it answers in one
 * sentence that nothing was done.
 */
export class AwaitedBot implements Bot {
  readonly commands: readonly CommandDescription[] = commandsOnDiscord();
  readonly prefix: string;
  readonly #language: Settings['language'];
  readonly #arrival = Promise.withResolvers<Bot>();
  #bot: Bot | null = null;

  constructor({ prefix, language }: Pick<Settings, 'prefix' | 'language'>) {
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

  jobStatus: Bot['jobStatus'] = async (...request) => this.#bot?.jobStatus(...request) ?? null;

  mayHear: Bot['mayHear'] = async (...request) => this.#bot?.mayHear(...request) ?? false;

  recordVoice: Bot['recordVoice'] = async (report) => {
    const reason = 'it is not reached yet';
    if (this.#bot === null) throw new LedgerError({ kind: 'unavailable', reason, written: 'no' });
    return this.#bot.recordVoice(report);
  };

  notices: Bot['notices'] = (...request) => {
    void this.#arrival.promise.then((bot) => bot.notices(...request));
  };

  idle: Bot['idle'] = async (scope) => (await this.#arrival.promise).idle(scope);

  close: Bot['close'] = async () => this.#bot?.close();

  #notYet({ locale }: Incoming): Reply {
    const text = languages[languageOf(locale) ?? this.#language].ledger.awaited;
    return { command: '', ok: false, text, data: {}, files: [], actions: [], isPrivate: true };
  }
}
