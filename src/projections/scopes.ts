import type { Kysely } from 'kysely';
import { defaultScopeSettings, ScopeSettings } from '../domain/scope-settings.ts';
import type { Projection } from './projection.ts';
import type { SettingsRow, Tables } from './tables.ts';

/** How each scope is run. */
export const scopesProjection: Projection = {
  name: 'scopes',
  version: 2,
  prepare(statements) {
    const setSettings = statements.change<SettingsRow>((query, { scope, ordinal, settings }) =>
      query
        .insertInto('settings')
        .values({ scope, ordinal, settings })
        .onConflict((conflict) =>
          conflict.column('scope').doUpdateSet((eb) => ({
            ordinal: eb.ref('excluded.ordinal'),
            settings: eb.ref('excluded.settings'),
          })),
        ),
    );
    return {
      take({ type, data, metadata: { scope } }, ordinal) {
        if (type !== 'SettingsRecorded') return;
        setSettings({ scope, ordinal, settings: JSON.stringify(data.settings) });
      },
    };
  },
};

/** How a scope is run: as was recorded last, or as is usual until then. */
export async function settingsOf(db: Kysely<Tables>, scope: string): Promise<ScopeSettings> {
  const row = await db
    .selectFrom('settings')
    .select('settings')
    .where('scope', '=', scope)
    .executeTakeFirst();
  return row === undefined ? defaultScopeSettings : ScopeSettings.parse(JSON.parse(row.settings));
}
