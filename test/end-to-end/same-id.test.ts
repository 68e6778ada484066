import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { incomingFromLine } from '../../src/adapters/console/incoming.ts';
import { loadConfiguration } from '../../src/configuration.ts';
import type { Bot, Incoming, Reply } from '../../src/domain/surface.ts';
import { withBot } from '../../src/opening-bot.ts';
import { countEvents, eventsIn } from './ledger-file.ts';
import { talkHere, temporaryDirectory } from './talk.ts';

/** Every command that writes, each with an id of its own, in an order in which each has something to do. */
const WRITING = [
  'ask What is the tallest tree?',
  'correct !correct last A redwood.',
  'feedback-answer !feedback last -',
  'feedback-general !feedback Nice bot.',
  'retrain !retrain',
  'promote !promote reason="It knows trees."',
  'export-built !export last',
  'test !test [{"prompt":"What is the tallest tree?","expected":"A redwood."},{"prompt":"Who?","expected":"Me"}]',
  'correct-again !correct last It is a redwood.',
  'retrain-dpo !retrain format=dpo',
  'train-data !train data={"prompt":"When?","completion":"At nine."}',
  'train-bad !train attachment=some-bad.jsonl skip_invalid=true',
  'train-dataset !train dataset=last',
  'cancel !cancel last',
  'select !select_dataset some-bad.jsonl skip_invalid=true',
  'export !export last',
  'archive !archive datasets',
  'getfile !getfile some-bad.jsonl',
  'instruction !instruction',
  'rollback !rollback reason="Just to see."',
  'withdraw !withdraw last',
  'settings !settings gate=evaluation',
  'settings-again !settings gate=off',
  'policy !policy permission="Ticket 1"',
  'consent !privacy consent',
  'withdraw-consent !privacy withdraw',
  'ask-member Where is the library?',
  'correct-member !correct last Next to the station.',
  'review !review correction=last decision=approve',
  `train-many !train data=${JSON.stringify(
    Array.from({ length: 12 }, (_, index) => ({ prompt: `a${index}`, completion: 'b' })),
  )}`,
  'evaluate !evaluate',
];

/** What makes `last`, the newest, the active one and the files mean something else. */
const BETWEEN = [
  // The same dataset as the first, since the second correction is withdrawn by now, but with another manifest.
  'x0 !retrain',
  'x1 Something else?',
  'x2 !correct last Yes.',
  'x3 !retrain',
  'x4 !wait',
  'x5 !promote',
  'x6 !test {"prompt":"Something else?","expected":"Yes."}',
  'x7 !feedback +',
  'x8 !settings language=en',
  'x9 !policy revoke=true',
  'x10 !privacy consent',
];

function byId(line: string): Incoming {
  const incoming = incomingFromLine(line, { name: 'ada', givesIds: true });
  // What a manager corrects is not reviewed.
  const isMember = incoming.id.endsWith('-member');
  return isMember ? { ...incoming, actor: { id: 'bob', manager: false, roles: [] } } : incoming;
}

async function repeat(bot: Bot, lines: readonly string[]): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (const line of lines) {
    // The model that is meant must be there.
    if (/^(promote|evaluate) /.test(line)) await bot.idle('local');
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => bot.run(byId(line))));
    if (first === undefined) throw new Error('no reply');
    expect([line, ...others]).toEqual([line, first, first]);
    replies.push(first);
  }
  return replies;
}

describe('the same command id', () => {
  it('has one effect and one reply: at once, later, and after a restart', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'datasets', 'some-bad.jsonl');
    mkdirSync(join(directory, 'datasets'));
    writeFileSync(file, '{"prompt":"a","completion":"b"}\nbad\n{"prompt":"c","completion":"d"}\n');
    const { values: configuration } = loadConfiguration({ DATA_DIR: directory }, {}, directory);
    const start = <T>(work: (bot: Bot) => Promise<T>) => {
      const { signal: stop } = new AbortController();
      const reportFault = (fault: unknown) => {
        throw fault;
      };
      const instructions = { source: 'built-in' } as const;
      return withBot({ configuration, instructions, stop, reportFault }, ({ bot }) => work(bot));
    };

    const first = await start(async (bot) => {
      const replies = await repeat(bot, WRITING);
      await bot.idle('local');
      return replies;
    });
    expect(first.filter(({ ok }) => !ok)).toEqual([]);
    const events = eventsIn(directory);
    const commands = new Set(events.map(({ metadata }) => metadata.commandId));
    for (const line of WRITING.filter((line) => !line.startsWith('wait')))
      expect(commands).toContain(byId(line).id);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);

    appendFileSync(file, 'also bad\n');
    await start(async (bot) => {
      for (const line of BETWEEN) expect(await bot.run(byId(line))).toMatchObject({ ok: true });
      expect(await repeat(bot, WRITING)).toEqual(first);
      await bot.idle('local');
    });
    expect(await start((bot) => repeat(bot, WRITING))).toEqual(first);
    const others = new Set(BETWEEN.map((line) => byId(line).id));
    const caused = eventsIn(directory).filter(({ metadata }) => !others.has(metadata.correlationId));
    expect(caused).toEqual(events);
  });

  it('is refused for another command', async () => {
    const directory = temporaryDirectory();
    const lines = [
      'a hello',
      'a !correct last hi',
      'b !correct last hi',
      'b hello',
      'b !withdraw last',
      'b !history',
      'b !retrain',
    ];
    const { replies } = await talkHere(directory, lines, { flags: ['--ids'] });
    // What only reads does nothing twice.
    expect(replies.map(({ ok }) => ok)).toEqual([true, false, true, false, false, true, false]);
    for (const { ok, text } of replies) {
      if (!ok) expect(text).toBe('This command id has already been used for something else; send a new one.');
    }
    expect(countEvents(directory)).toBe(2);
  });
});
