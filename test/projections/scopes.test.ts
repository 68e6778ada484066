import { expect, test } from 'vitest';
import { defaultScopeSettings, type ScopeSettings } from '../../src/domain/scope-settings.ts';
import { settingsOf } from '../../src/projections/scopes.ts';
import { Scenario } from './scenario.ts';

test('a scope is run as was recorded last there, and as usual before', async () => {
  const scenario = await Scenario.begin();
  const russian: ScopeSettings = {
    trainerRoles: ['r1', 'r2'],
    answerChannels: ['c1'],
    review: 'off',
    locale: 'ru',
    gate: 'evaluation',
    trainer: 'nebius',
  };
  expect(await settingsOf(scenario.db, 'local')).toEqual(defaultScopeSettings);

  await scenario.happened({ type: 'SettingsRecorded', data: { settings: defaultScopeSettings } });
  await scenario.happened({ type: 'SettingsRecorded', data: { settings: russian } });
  expect(await settingsOf(scenario.db, 'local')).toEqual(russian);
  expect(await settingsOf(scenario.db, 'guild')).toEqual(defaultScopeSettings);

  await scenario.readModels.rebuild();
  expect(await settingsOf(scenario.db, 'local')).toEqual(russian);
});
