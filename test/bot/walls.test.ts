import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commands } from '../../src/bot/commands/all.ts';
import type { JsonValue, Reply } from '../../src/domain/surface.ts';
import { idIn, type Person, RunningBot } from './running-bot.ts';

const here = { scope: 'guild', channel: 'general' };
/** Another place with a channel and members of the same ids: what a forged request would name. */
const there = { scope: 'other', channel: 'general' };

const WORDS = /secret/i;
/** Options whose text is kept as it was given, whatever it is. */
const TEXTS = new Set(['question', 'text', 'reason', 'permission', 'cases', 'data', 'trainers', 'channels']);

it('nothing of one place is reached from another, by no command, id, page, path or suggestion', async () => {
  const bot = await RunningBot.begin();
  await bot.does('max', 'settings', { trainers: 'role-trainers' }, there);
  const secrets = await fillWithSecrets(bot);

  for (const id of new Set(secrets.flatMap((secret) => [secret, secret.slice(0, 8), secret.slice(0, 4)]))) {
    for (const command of commands) {
      for (const option of Object.keys(command.options.shape).filter((name) => !TEXTS.has(name))) {
        await expectNothing(bot, command.name, { [option]: id }, secrets);
        await expectNothing(bot, command.name, { ...usualOptions(command.name, id), [option]: id }, secrets);
        for (const typed of [id, 'secret', ''])
          expect(
            secretsIn(await bot.suggests('max', command.name, option, typed, here), secrets, typed),
          ).toEqual([]);
      }
    }
    expect(await bot.bot.jobStatus('guild', id, null)).toBeNull();
  }
  for (const command of commands) await expectNothing(bot, command.name, {}, secrets);

  const foreign = (await bot.events()).filter(({ metadata }) => metadata.scope === 'guild');
  expect(secretsIn(foreign, secrets, '')).toEqual([]);
}, 300_000);

it('no button, form or file of one place works in another', async () => {
  const bot = await RunningBot.begin();
  await bot.does('max', 'settings', { trainers: 'role-trainers' }, there);
  const answer = await bot.does('ada', 'ask', { question: 'A secret?' }, there);
  await bot.does('bob', 'correct', { answer: idIn(answer, 'answer'), text: 'secret' }, there);
  const queue = await bot.does('tess', 'review', {}, there);
  const before = (await bot.events()).length;
  for (const action of [...answer.actions, ...queue.actions]) {
    const reply = await bot.presses('max', action, here);
    expect([action.request, reply.ok]).toEqual([action.request, false]);
    const opened = await bot.opens('max', action, here).catch(() => null);
    if (opened !== null) expect(opened).toMatchObject({ reply: { ok: false } });
  }
  expect(await bot.events()).toHaveLength(before);

  mkdirSync(join(bot.directory, 'guilds', 'other', 'datasets'), { recursive: true });
  writeFileSync(
    join(bot.directory, 'guilds', 'other', 'datasets', 'secret.jsonl'),
    '{"prompt":"a","completion":"b"}\n',
  );
  const paths = [
    'secret.jsonl',
    '../other/datasets/secret.jsonl',
    '../../guilds/other/datasets/secret.jsonl',
    'guilds/other/datasets/secret.jsonl',
    `${bot.directory}/guilds/other/datasets/secret.jsonl`,
    idIn(await bot.does('ada', 'privacy', { action: 'export' }, there), 'path'),
  ];
  for (const path of paths) {
    for (const [command, option] of [
      ['getfile', 'path'],
      ['select_dataset', 'path'],
      ['train', 'attachment'],
      ['train', 'data_dir'],
      ['archive', 'directory'],
    ] as const) {
      expect([path, command, (await bot.does('max', command, { [option]: path }, here)).ok]).toEqual([
        path,
        command,
        false,
      ]);
    }
  }
});

it('consent, policy and settings hold for one place', async () => {
  const bot = await RunningBot.begin();
  await bot.does('ada', 'privacy', { action: 'consent' }, there);
  await bot.does('max', 'policy', { permission: 'ticket 5' }, there);
  await bot.does('max', 'settings', { review: 'off', trainers: 'role-others' }, there);
  expect((await bot.does('ada', 'privacy', {}, here)).data).toMatchObject({
    consent: 'given on purpose only',
    others: 0,
    reference: null,
  });
  expect((await bot.does('bob', 'review', {}, here)).ok).toBe(false);
  expect(await bot.bot.settingsOf('guild')).toMatchObject({
    review: 'untrusted',
    trainerRoles: ['role-trainers'],
  });
});

/** In the other place. @returns every id that anything has there */
async function fillWithSecrets(bot: RunningBot): Promise<string[]> {
  const replies: Reply[] = [];
  const does = async (who: Person, command: string, options: Record<string, string> = {}) => {
    const reply = await bot.does(who, command, options, there);
    expect([command, reply.ok, reply.text]).toEqual([command, true, reply.text]);
    replies.push(reply);
    return reply;
  };
  const answer = idIn(await does('ada', 'ask', { question: 'A secret?' }), 'answer');
  await does('tess', 'correct', { answer, text: 'secret one' });
  await does('bob', 'correct', { answer, text: 'secret two' });
  await does('tess', 'retrain');
  await bot.bot.idle('other');
  await does('tess', 'promote');
  await does('tess', 'test', { cases: '[{"prompt":"secret?","expected":"secret"}]' });
  await does('tess', 'export', { dataset: 'last' });
  await does('ada', 'history', { limit: '100' });
  await does('ada', 'history', { id: 'last' });
  const found = new Set<string>();
  for (const { data } of replies) collectIds(data, found);
  expect(found.size).toBeGreaterThan(10);
  return [...found];
}

const AN_ID = /^((embedded-)?[0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f-]{27})$/;

function collectIds(value: JsonValue, found: Set<string>): void {
  if (typeof value === 'string') {
    if (AN_ID.test(value)) found.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) collectIds(inner, found);
  }
}

/** What a command needs besides the option that is tried. */
function usualOptions(command: string, id: string): Record<string, string> {
  switch (command) {
    case 'correct':
      return { answer: id, text: 'better' };
    case 'feedback':
      return { answer: id, text: '+' };
    case 'review':
      return { correction: id, decision: 'approve' };
    case 'diff':
      return { from: id, to: id };
    case 'dataset':
    case 'export':
      return { dataset: id };
    default:
      return {};
  }
}

async function expectNothing(
  bot: RunningBot,
  command: string,
  options: Record<string, string>,
  secrets: readonly string[],
): Promise<void> {
  const { text, data, files, actions } = await bot.does('max', command, options, here);
  const given = Object.values(options).join(' ');
  expect([command, options, secretsIn({ text, data, files, actions }, secrets, given)]).toEqual([
    command,
    options,
    [],
  ]);
}

/** What stands in something and belongs to the other place, but for what was given. */
function secretsIn(shown: unknown, secrets: readonly string[], given: string): string[] {
  const text = JSON.stringify(shown);
  const withoutGiven =
    given === '' ? text : text.replaceAll(given, '').replaceAll(given.split(' ')[0] ?? '', '');
  const words = WORDS.test(withoutGiven) ? ['the words'] : [];
  return [...secrets.filter((id) => withoutGiven.includes(id)), ...words];
}
