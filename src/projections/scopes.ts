import type { Kysely } from 'kysely';
import { defaultScopeSettings, type ScopeSettings } from '../domain/scope-settings.ts';
import type { Tables } from './tables.ts';

/** How a scope is run. */
export async function settingsOf(_db: Kysely<Tables>, _scope: string): Promise<ScopeSettings> {
  return defaultScopeSettings;
}
