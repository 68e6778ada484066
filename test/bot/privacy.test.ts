import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Reply } from '../../src/domain/surface.ts';
import { idIn, type Person, RunningBot } from './running-bot.ts';

const Line = z.object({
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  metadata: z.object({ actor: z.string(), scope: z.string() }),
});

/** What the file of an export holds. */
function exported({ directory }: RunningBot, reply: Reply, scope = 'guild') {
  const text = readFileSync(join(directory, 'guilds', scope, idIn(reply, 'path')), 'utf8');
  const lines = text.split('\n').slice(0, -1);
  return { text, lines: lines.map((line) => Line.parse(JSON.parse(line))) };
}

async function leftOut(bot: RunningBot): Promise<unknown> {
  return (await bot.does('tess', 'retrain', { dry_run: 'true' })).data.leftOut;
}

describe('a member', () => {
  it('sees in figures what is kept, and what consent and policy mean', async () => {
    const bot = await RunningBot.begin();
    const answer = idIn(await bot.says('ada', 'When?'), 'answer');
    await bot.does('ada', 'correct', { answer, text: 'At nine.' });
    await bot.does('ada', 'feedback', { answer, text: '-' });
    await bot.says('bob', 'And where?');
    const shown = await bot.does('ada', 'privacy');
    expect(shown.isPrivate).toBe(true);
    expect(shown.data).toMatchObject({
      member: 'ada',
      consent: 'given on purpose only',
      questions: 1,
      corrections: 1,
      feedback: 1,
      others: 0,
      reference: null,
    });
    expect(shown.text).toContain('1 question, 1 correction, 1 rating or remark, 0 other deeds');
    expect(shown.text).toContain('The ledger never deletes anything');
  });

  it('consents and takes it back, each said once, and it is shown', async () => {
    const bot = await RunningBot.begin();
    const say = async (action: string) => (await bot.does('ada', 'privacy', { action })).text;
    expect(await say('consent')).toMatch(
      /^Your consent is recorded: all that you have written here, earlier/,
    );
    expect(await say('consent')).toBe('Your consent was already recorded; nothing has changed.');
    expect(await say('show')).toContain('Consent: given.');
    expect(await say('withdraw')).toMatch(/^Your withdrawal is recorded/);
    expect(await say('withdraw')).toBe('Your withdrawal was already recorded; nothing has changed.');
    expect(await say('show')).toContain('Consent: withdrawn.');
    expect((await bot.events()).map(({ type }) => type)).toEqual([
      'SettingsRecorded',
      'ConsentGiven',
      'ConsentWithdrawn',
    ]);
  });

  it('is told what is wrong with another word', async () => {
    const bot = await RunningBot.begin();
    const { ok, text } = await bot.does('ada', 'privacy', { action: 'delete' });
    expect([ok, text]).toEqual([
      false,
      expect.stringContaining('it must be show, consent, withdraw or export'),
    ]);
  });
});

describe('an export', () => {
  it('holds all that the ledger holds of a member in the place, and nobody else’s words', async () => {
    const bot = await RunningBot.begin();
    const mine = idIn(await bot.says('ada', 'ada-question'), 'answer');
    const correction = idIn(
      await bot.does('ada', 'correct', { answer: mine, text: 'ada-correction' }),
      'correction',
    );
    await bot.does('tess', 'review', { correction, decision: 'approve' });
    const his = idIn(await bot.says('bob', 'bob-question'), 'answer');
    await bot.does('bob', 'correct', { answer: his, text: 'bob-correction' });
    await bot.says('ada', 'ada-second');
    await bot.says('ada', 'ada-elsewhere', { scope: 'elsewhere' });
    await bot.does('ada', 'privacy', { action: 'consent' });

    const reply = await bot.does('ada', 'privacy', { action: 'export' });
    const { text, lines } = exported(bot, reply);
    expect(lines.map(({ type, metadata }) => `${metadata.actor} ${type}`)).toEqual([
      'ada PredictionMade',
      'ada CorrectionGiven',
      'tess CorrectionApproved',
      'bob PredictionMade',
      'ada PredictionMade',
      'ada ConsentGiven',
    ]);
    expect(reply.data.events).toBe(6);
    expect(reply.files).toEqual([
      { path: reply.data.path, bytes: reply.data.bytes, sha256: reply.data.sha256 },
    ]);
    expect(text).toContain('ada-question');
    expect(text).not.toMatch(/bob-question|bob-correction|ada-elsewhere/);
    // Her words were sent along with his question.
    expect(lines[3]?.data.messages).toMatchObject([
      { content: 'ada-question' },
      { content: 'ada-correction' },
    ]);
    expect(lines[3]?.data).not.toHaveProperty('response');
  });

  it('is for the member alone: no name is guessed, told or found by anybody else', async () => {
    const bot = await RunningBot.begin();
    await bot.says('ada', 'ada-question');
    const [first, second] = [
      await bot.does('ada', 'privacy', { action: 'export' }, { id: 'same' }),
      await bot.does('ada', 'privacy', { action: 'export' }),
    ];
    const paths = [idIn(first, 'path'), idIn(second, 'path')];
    expect(new Set(paths).size).toBe(2);
    for (const path of paths)
      expect(path).toMatch(/^private\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.jsonl$/);
    const asked: readonly (readonly [Person, string, Record<string, string>])[] = [
      ['tess', 'archive', { directory: 'private' }],
      ['tess', 'getfile', { path: 'private' }],
      ['tess', 'train', { data_dir: 'private' }],
      ['tess', 'select_dataset', { path: 'private' }],
      ['tess', 'getfile', { path: 'datasets/../private' }],
      ...paths.map((path) => ['tess', 'getfile', { path }] as const),
      ...paths.map((path) => ['tess', 'train', { attachment: path }] as const),
    ];
    for (const [who, command, options] of asked) {
      const reply = await bot.does(who, command, options);
      expect([command, reply.ok]).toEqual([command, false]);
    }
    const history = await bot.does('bob', 'history', { limit: '100' });
    for (const path of paths) expect(JSON.stringify(history)).not.toContain(path);
  });

  it('is written once at a time for each member', async () => {
    const bot = await RunningBot.begin();
    await bot.says('ada', 'ada-question');
    const exporting = (who: Person) => bot.does(who, 'privacy', { action: 'export' });
    const [first, second, other] = await Promise.all([exporting('ada'), exporting('ada'), exporting('bob')]);
    expect([first?.ok, second?.text, other?.ok]).toEqual([
      true,
      'Your export is still being written; ask again when it has come.',
      true,
    ]);
    expect((await exporting('ada')).ok).toBe(true);
  });
});

describe('a policy', () => {
  it('takes no messages until Discord’s permission is on record, and then only with consent', async () => {
    const bot = await RunningBot.begin();
    const answer = idIn(await bot.says('ada', 'When?'), 'answer');
    await bot.says('tess', `!correct ${answer} At nine.`);
    expect(await leftOut(bot)).toEqual([{ reason: 'origin_not_permitted', count: 1 }]);

    const recorded = await bot.does('tess', 'policy', { permission: 'ticket 5' });
    expect(recorded.text).toMatch(/^The permission “ticket 5” is recorded/);
    expect(recorded.data).toMatchObject({ reference: 'ticket 5' });
    expect(await leftOut(bot)).toEqual([{ reason: 'not_consented', count: 1 }]);
    expect((await bot.does('ada', 'privacy')).text).toContain('a permission by Discord is on record');

    for (const who of ['ada', 'tess'] as const) await bot.does(who, 'privacy', { action: 'consent' });
    expect((await bot.does('tess', 'retrain', { dry_run: 'true' })).data).toMatchObject({
      examples: 1,
      leftOut: [],
    });

    expect((await bot.does('tess', 'policy', { revoke: 'true' })).text).toMatch(
      /^The permission is taken back/,
    );
    expect(await leftOut(bot)).toEqual([{ reason: 'origin_not_permitted', count: 1 }]);
    expect((await bot.does('tess', 'policy', { revoke: 'true' })).text).toMatch(
      /^That is how it already was/,
    );
  });

  it('says what is taken, what is left out and why', async () => {
    const bot = await RunningBot.begin();
    const { text, data, isPrivate } = await bot.does('tess', 'policy');
    expect(isPrivate).toBe(true);
    expect(data).toMatchObject({
      permittedOrigins: ['interaction', 'upload', 'console', 'file'],
      reference: null,
    });
    expect(text).toContain(
      'Left out: messages in channels and what was said, in recordings and voice channels.',
    );
    expect(text).toContain('rule 21');
    expect(text).toContain('not legal advice');
  });

  it('is for trainers, and one thing at a time', async () => {
    const bot = await RunningBot.begin();
    expect((await bot.does('bob', 'policy')).text).toBe('/policy is for trainers; ask one of them.');
    const both = await bot.does('tess', 'policy', { permission: 'x', revoke: 'true' });
    expect(both.text).toBe('Give either permission=… or revoke=true, not both.');
  });
});

it('what is left out is said wherever a dataset is shown, with what would change it', async () => {
  const bot = await RunningBot.begin();
  const spoken = idIn(await bot.says('ada', 'When?'), 'answer');
  await bot.says('tess', `!correct ${spoken} At nine.`);
  const asked = idIn(await bot.does('ada', 'ask', { question: 'Where?' }), 'answer');
  await bot.does('bob', 'correct', { answer: asked, text: 'Here.' });
  const withdrawn = idIn(await bot.does('bob', 'ask', { question: 'Who?' }), 'answer');
  await bot.does('tess', 'correct', { answer: withdrawn, text: 'We.' });
  await bot.does('bob', 'privacy', { action: 'withdraw' });
  const good = idIn(await bot.does('ada', 'ask', { question: 'Why?' }), 'answer');
  await bot.does('tess', 'correct', { answer: good, text: 'Because.' });
  const lines = [
    'left out: 1 (waiting for review; /review lets a trainer decide)',
    'left out: 1 (its author has not consented; /privacy consent gives it)',
    'left out: 1 (the policy does not permit its origin; /policy says why and what would permit it)',
  ];
  const shown = [
    await bot.does('tess', 'retrain', { dry_run: 'true' }),
    await bot.does('tess', 'retrain'),
    await bot.does('bob', 'dataset', { dataset: 'last' }),
  ];
  for (const { text } of shown) expect(text.split('\n')).toEqual(expect.arrayContaining(lines));
});
