import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { wordsOfCommand } from '../../src/bot/command.ts';
import { commands } from '../../src/bot/commands/all.ts';
import { splitCommand, splitOptions } from '../../src/bot/input.ts';
import { describeOptions } from '../../src/bot/options.ts';
import { languages } from '../../src/domain/languages/languages.ts';
import { id, type Reply, TalkHere, talkHere, temporaryDirectory } from './talk.ts';

const JOB_KEYS =
  'job state progress step total loss model reason dataset sha256 format examples trainer baseModel actor time ended trainedTokens cost';
const DATASET_KEYS = 'dataset sha256 made format examples bytes actor time';
const SELECTED_KEYS = 'dataset sha256 format examples bytes sources skipped';
const REQUESTED_KEYS = 'job dataset sha256 format examples trainer';
const EVENT_KEYS = 'event type stream revision actor time origin channel command words';
const PRIVACY_KEYS =
  'member consent questions corrections feedback utterances others permittedOrigins consentRequired reference';
const LINE_KEYS = 'direction kind id words who when';

/** So many that some of them are held out. */
const doors = Array.from({ length: 30 }, (_, n) => ({
  prompt: `What opens door ${n}?`,
  completion: `Key ${n}.`,
}));

/** In the order of one conversation: what is sent, and the keys of `data` that other programs rely on. */
const INTERFACE: readonly (readonly [
  line: string,
  keys: string,
  inner?: Readonly<Record<string, string>>,
])[] = [
  ['How tall is the tower?', 'answer conversation model dataset response abstained learnedFrom'],
  ['!hi', ''],
  ['!help', 'commands', { commands: 'name summary right' }],
  [
    '!help correct',
    'name summary right usage example options',
    { options: 'name placement description required' },
  ],
  ['!instruction', 'source'],
  ['!correct last It is 40 m tall.', 'answer correction question waits'],
  ['!feedback last -', 'answer rating remark'],
  ['!feedback The bot is friendly.', 'answer rating remark'],
  ['!retrain dry_run=true', 'format since examples members leftOut', { members: 'member examples' }],
  ['!retrain', `${REQUESTED_KEYS} through leftOut members`, { members: 'member examples' }],
  ['!wait', JOB_KEYS],
  ['!promote', 'model dataset previous reason evaluation'],
  ['How tall is the tower?', 'answer conversation model dataset response abstained learnedFrom'],
  [
    '!test [{"prompt":"How tall is the tower?","expected":"40 m"}]',
    'evaluation model score results',
    { results: 'answer prompt response failure expected matched' },
  ],
  ['!rollback', 'model dataset previous reason'],
  [
    '!train data={"prompt":"When?","completion":"At nine."}',
    `${SELECTED_KEYS} job trainer`,
    {
      sources: 'path bytes sha256 examples',
    },
  ],
  ['!train dataset=last', REQUESTED_KEYS],
  ['!cancel last', 'job'],
  ['!select_dataset faq.jsonl skip_invalid=true', SELECTED_KEYS, { skipped: 'path line reason' }],
  ['!jobs', 'jobs before', { jobs: JOB_KEYS }],
  ['!job last', JOB_KEYS],
  ['!models', 'active models before', { models: 'model job dataset sha256 time' }],
  ['!datasets', 'datasets before', { datasets: DATASET_KEYS }],
  [
    '!dataset last',
    `${DATASET_KEYS} manifest through since verified lines`,
    { lines: 'line example source' },
  ],
  ['!diff last last', 'from to common added removed'],
  ['!export last', 'dataset sha256 format files', { files: 'path bytes sha256' }],
  ['!archive exports', 'archive sha256 path bytes files manifest directory'],
  ['!getfile faq.jsonl', 'path bytes sha256'],
  ['!history', 'events before', { events: EVENT_KEYS }],
  ['!history last', 'subject lines', { lines: LINE_KEYS }],
  ['!withdraw last', 'answer correction'],
  ['!ask How tall is the tower?', 'answer conversation model dataset response abstained learnedFrom'],
  ['!review', 'waiting answers after'],
  ['!privacy', PRIVACY_KEYS],
  ['!privacy consent', 'member consent'],
  ['!privacy withdraw', 'member consent'],
  ['!privacy export', 'member events path bytes sha256'],
  ['!policy', 'permittedOrigins consentRequired maxExampleBytes reference'],
  ['!settings', 'trainerRoles answerChannels review locale gate trainer trainers'],
  ['!join', ''],
  ['!leave', ''],
  ['!skip', ''],
  ['!silence', ''],
  ['!listen on', ''],
  ['!pause last', ''],
  ['!resume last', ''],
  ['!evaluate', ''],
  [`!train data=${JSON.stringify(doors)}`, `${SELECTED_KEYS} job trainer`],
  ['!wait', JOB_KEYS],
  ['!evaluate last', 'evaluation model dataset examples asked score active better'],
];

/** Which lines of the table are refused, with nothing in `data`. */
const REFUSED = new Set([
  '!join',
  '!leave',
  '!skip',
  '!silence',
  '!listen on',
  '!pause last',
  '!resume last',
  '!evaluate',
  '!withdraw last',
]);

const FULL_ID =
  /^([0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|(embedded-)?[0-9a-f]{64}|embedded-base)$/;
const ID_KEYS =
  'answer correction conversation dataset sha256 job model previous active evaluation event through manifest archive before id';

describe('what other programs rely on', () => {
  it('is the same keys for every command, with full ids', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'datasets'));
    writeFileSync(join(directory, 'datasets', 'faq.jsonl'), '{"prompt":"a","completion":"b"}\n{}\n');
    const { replies } = await talkHere(
      directory,
      INTERFACE.map(([line]) => line),
    );
    for (const [index, [line, keys, inner = {}]] of INTERFACE.entries()) {
      const { ok, data }: Partial<Reply> = replies[index] ?? {};
      const refused = REFUSED.has(line);
      expect([line, ok, keysOf(data)]).toEqual([line, !refused, refused ? [] : words(keys)]);
      for (const [key, innerKeys] of Object.entries(inner)) {
        const [first] = z.array(z.record(z.string(), z.unknown())).nonempty().parse(data?.[key]);
        expect([line, key, keysOf(first)]).toEqual([line, key, words(innerKeys)]);
      }
      for (const found of idsIn(data)) expect(found).toMatch(FULL_ID);
    }
    const used = new Set(replies.map(({ command }) => command));
    expect(commands.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });

  it('says of a diff of two datasets what is gone, what is new and why', async () => {
    const directory = temporaryDirectory();
    const { replies } = await talkHere(directory, [
      'one?',
      '!correct last 1',
      '!retrain',
      'two?',
      '!correct last 2',
      '!retrain',
      '!wait',
    ]);
    const [from, to] = [id(replies[2], 'dataset'), id(replies[5], 'dataset')];
    const {
      replies: [diff],
    } = await talkHere(directory, [`!diff ${from} ${to}`]);
    expect(diff?.data).toMatchObject({ from, to, common: 1, removed: { count: 0, examples: [] } });
    expect(keysOf(diff?.data)).toEqual(words('from to common added removed'));
    expect(diff?.data.added).toMatchObject({ count: 1, examples: [expect.anything()] });
  });
});

describe('help', () => {
  it('gives every command a usage and an example that can be understood', async () => {
    const console = new TalkHere(temporaryDirectory());
    const overview = await console.ask('!help');
    for (const command of commands) {
      const { name, options } = command;
      expect(overview.text).toContain(`!${name}: ${wordsOfCommand(languages.en, name).summary}`);
      const { ok, text, data } = await console.ask(`!help ${name}`);
      expect([name, ok]).toEqual([name, true]);
      expect(text).toContain(`\nUsage: ${data.usage}\n`);
      expect(data.usage).toMatch(new RegExp(`^!${name}( |$)`));
      const example = z.string().parse(data.example);
      expect(text).toContain(`Example: ${example}`);
      const split = splitCommand(example, '!');
      expect(split?.name).toBe(name);
      expect(options.safeParse(splitOptions(split?.rest ?? '', describeOptions(options)))).toMatchObject({
        success: true,
      });
    }
    await console.end();
  });
});

function words(text: string): string[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .sort();
}

function keysOf(data: object | undefined): string[] {
  return Object.keys(data ?? {}).sort();
}

function idsIn(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return words(ID_KEYS).includes(key) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => idsIn(inner, Array.isArray(value) ? key : name));
}
