import type { ScopeSettings } from '../domain/scope-settings.ts';
import type { ReadModels } from '../projections/projector.ts';
import { settingsOf } from '../projections/scopes.ts';

const REMEMBERED_SCOPES = 1_000;

/** The settings of scopes, asked for several times in each command and looked up once for each state of the ledger. */
export class KnownSettings {
  readonly #readModels: ReadModels;
  readonly #known = new Map<string, ScopeSettings>();
  #ordinal = -1;

  constructor(readModels: ReadModels) {
    this.#readModels = readModels;
  }

  async of(scope: string): Promise<ScopeSettings> {
    const { ordinal } = this.#readModels.head();
    if (ordinal !== this.#ordinal || this.#known.size === REMEMBERED_SCOPES) {
      this.#known.clear();
      this.#ordinal = ordinal;
    }
    const known = this.#known.get(scope);
    if (known !== undefined) return known;
    const settings = await settingsOf(this.#readModels.db, scope);
    // What was looked up while the read models moved on may be older or newer than what they are at, and is not kept.
    const hasStayed = ordinal === this.#ordinal && ordinal === this.#readModels.head().ordinal;
    if (hasStayed) this.#known.set(scope, settings);
    return settings;
  }
}
