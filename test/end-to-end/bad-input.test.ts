import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { countEvents, eventsIn } from './ledger-file.ts';
import { id, type Reply, TalkHere, talkHere, temporaryDirectory } from './talk.ts';

const ONE_SENTENCE = /^[^\n]{1,500}[.]$/;

/** What is sent, and what the one sentence must say. */
const REFUSED: readonly (readonly [what: string, line: string | Buffer, says: RegExp])[] = [
  ['an unknown command', '!corect last hi', /no command !corect.*!correct/],
  ['a command of another kind of letters', '!ĸorrekt', /no command !ĸorrekt/],
  ['a prefix alone', '!', /no command/],
  ['a command name of 1 MiB', `!${'x'.repeat(1024 * 1024)}`, /no command/],
  ['an unknown answer', '!correct ffffffff hi', /no answer.*ffffffff/],
  ['an unknown dataset', '!dataset ffffffff', /no dataset.*ffffffff/],
  ['an unknown job', '!job ffffffff', /no job.*ffffffff/],
  ['an unknown model', '!promote ffffffff', /no model.*ffffffff/],
  ['an unknown thing', '!history ffffffff', /ffffffff/],
  ['an id of 1 MiB', `!job ${'x'.repeat(1024 * 1024)}`, /no job/],
  ['a pattern in place of an id', '!history %', /%/],
  ['malformed JSON', '!test {"prompt": "a",, "expected": 1}', /not valid JSON.*line 1, column 16/],
  ['JSON that goes on after its end', '!test {"prompt":"a"} b', /not valid JSON.*column 16/],
  ['JSON nested too deeply', `!test ${'['.repeat(100_000)}`, /nested too deeply/],
  ['malformed training data', '!train data={oops', /line 1.*column 2/s],
  ['a number for a prompt', '!test [{"prompt":"a"},{"prompt":1}]', /question 2: prompt: it must be text/],
  ['a number for a question', '!test [1]', /: question 1: it must be an object; see/],
  ['a text for messages', '!test {"messages":"a"}', /: messages: it must be a list; see/],
  ['no messages', '!test {"messages":[]}', /: messages: there is too little in it; see/],
  [
    'a role that is not known',
    '!test {"messages":[{"role":"x","content":"a"}]}',
    /: messages\[0\]\.role: it must be "system", "user" or "assistant"; see/,
  ],
  ['more than a question has', '!test {"prompt":"a","b":1}', /: there is too much in it: "b"; see/],
  ['no questions', '!test []', /no question/],
  ['a question with NUL in JSON', '!test {"messages":[{"role":"user","content":"a\\u0000b"}]}', /NUL/],
  [
    'half a surrogate pair in JSON',
    '!test [{"prompt":"a"},{"prompt":"\\ud800"}]',
    /question 2: prompt: .*Unicode/,
  ],
  [
    'more expected text than can be recorded',
    `!test ${JSON.stringify(Array(20).fill({ prompt: 'a', expected: 'x'.repeat(60_000) }))}`,
    /too much text/,
  ],
  ['a word for a number', '!jobs limit=many', /limit.*whole number/],
  ['a number out of range', '!jobs limit=101', /limit.*from 1 to 100/],
  ['a word for yes or no', '!train data=x positive=perhaps', /positive.*true or false/],
  ['an unknown format', '!retrain format=xml', /format.*sft, dpo or kto/],
  ['a day that is not in the calendar', '!retrain since=2026-02-30', /since.*date/],
  ['an option that is not there', '!jobs colour=red', /colour/],
  ['an option given twice', '!jobs limit=1 limit=2', /limit.*twice/],
  ['a quote that is not closed', '!promote reason="because', /not closed/],
  ['an argument too many', '!hi there', /there/],
  ['a missing argument', '!correct', /answer is missing/],
  ['an empty correction', '!correct last ""', /empty/],
  ['a correction of white space', '!correct last " \u3000 "', /empty/],
  ['an empty question', '   ', /empty/],
  ['an empty line', '', /empty/],
  ['a question of 1 MiB', 'ü'.repeat(512 * 1024), /524288 characters.*100000/],
  ['a correction of 1 MiB', `!correct last ${'x'.repeat(1024 * 1024)}`, /1048576 characters.*100000/],
  ['feedback of 1 MiB', `!feedback ${'x'.repeat(1024 * 1024)}`, /1048576 characters.*100000/],
  ['a line over 8 MiB', 'x'.repeat(8 * 1024 * 1024 + 1), /8 MiB/],
  ['a question with NUL', 'a\0b', /NUL/],
  ['a correction with NUL', '!correct last a\0b', /NUL/],
  ['a reason with NUL', '!rollback reason=a\0b', /NUL/],
  ['a path with NUL', '!getfile a\0b', /NUL/],
  ['invalid UTF-8', Buffer.from([0x61, 0xff]), /UTF-8/],
  ['half a surrogate pair in UTF-8', Buffer.from('!correct last \xed\xa0\x80', 'latin1'), /UTF-8/],
  ['a path upwards', '!select_dataset ../outside.jsonl', /\.\./],
  ['a path upwards from below', '!getfile datasets/../../outside.jsonl', /\.\./],
  ['an absolute path', '!select_dataset /etc/passwd', /absolute/],
  ['a path in the home directory', '!getfile ~/secrets', /~/],
  ['a path to the ledger', '!getfile ledger.sqlite', /no file ledger\.sqlite/],
  ['a link to a file outside', '!select_dataset link.jsonl', /link that leads out/],
  ['a link to a directory outside', '!getfile linked/outside.jsonl', /link that leads out/],
  ['a directory with a link outside', '!train data_dir=datasets', /link that leads out/],
  ['an archive of a link outside', '!archive linked', /link that leads out/],
  ['a link to itself', '!select_dataset loop', /circle/],
  ['a directory where a file is meant', '!getfile folder', /is a directory/],
  ['a file where a directory is meant', '!train data_dir=good.jsonl', /is a file/],
  ['an example over 256 KiB', '!select_dataset long.jsonl', /line 2: .*300\d\d\d bytes.*permits 262144/],
  ['a file that is not there', '!select_dataset missing.jsonl', /no file or directory missing\.jsonl/],
  ['a directory without files', '!archive folder', /no file in/],
  ['no source for training', '!train', /what to train on/],
  ['two sources for training', '!train last data=x', /just one thing/],
  ['training on an unknown dataset', '!train dataset=ffffffff', /no dataset/],
  ['a job before there is one', '!wait', /no job/],
  ['a promotion before any training', '!promote', /No model/],
  ['a rollback before any promotion', '!rollback', /no earlier model/],
  ['a withdrawal of nothing', '!withdraw last', /no correction of yours/],
  ['a retraining on nothing', '!retrain', /nothing to train on/],
  ['voice', '!join', /no voice/],
];

describe('bad input', () => {
  it('gets one sentence each, changes nothing, and the process goes on', async () => {
    const base = temporaryDirectory();
    const directory = join(base, 'data');
    const datasets = join(directory, 'datasets');
    mkdirSync(join(datasets, 'folder'), { recursive: true });
    writeFileSync(join(datasets, 'good.jsonl'), '{"prompt":"a","completion":"b"}\n');
    const long = JSON.stringify({ prompt: 'a', completion: 'x'.repeat(300_000) });
    writeFileSync(join(datasets, 'long.jsonl'), `{"prompt":"a","completion":"b"}\n${long}\n`);
    writeFileSync(join(base, 'outside.jsonl'), '{"prompt":"a","completion":"b"}\n');
    symlinkSync(join(base, 'outside.jsonl'), join(datasets, 'link.jsonl'));
    symlinkSync(base, join(datasets, 'linked'));
    symlinkSync('loop', join(datasets, 'loop'));

    const console = new TalkHere(directory);
    await console.ask('What is there to correct?');
    for (const [what, line, says] of REFUSED) {
      const { ok, text: whole, data, files } = await console.ask(line);
      const text = whole.slice(0, 600);
      expect([what, ok, data, files]).toEqual([what, false, {}, []]);
      expect([what, text]).toEqual([what, expect.stringMatching(ONE_SENTENCE)]);
      expect([what, text]).toEqual([what, expect.stringMatching(says)]);
    }
    expect(countEvents(directory)).toBe(1);
    expect((await console.ask('!hi')).ok).toBe(true);
    expect(await console.end()).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(directory, 'vault'))).toEqual([]);
    expect(readdirSync(join(directory, 'archives'))).toEqual([]);
  });

  it('names every bad line of training data with its reason, and takes none of it', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'datasets'));
    const lines = ['{"prompt":"a","completion":"b"}', '{"prompt":1}', '', 'nonsense', '{"messages":[]}'];
    writeFileSync(join(directory, 'datasets', 'bad.jsonl'), lines.join('\n'));
    const {
      replies: [select, train],
    } = await talkHere(directory, ['!select_dataset bad.jsonl', '!train attachment=bad.jsonl']);
    for (const reply of [select, train]) {
      expect(reply?.ok).toBe(false);
      const [head, ...reasons] = reply?.text.split('\n') ?? [];
      expect(head).toMatch(/^3 lines are bad, so nothing was taken; /);
      expect(reasons).toEqual([
        expect.stringMatching(/^datasets\/bad\.jsonl, line 2: prompt/),
        expect.stringMatching(/^datasets\/bad\.jsonl, line 4: .*not a JSON object/),
        expect.stringMatching(/^datasets\/bad\.jsonl, line 5: messages/),
      ]);
    }
    expect(countEvents(directory)).toBe(0);
  });

  it('lists what a prefix may stand for where it is not unique', async () => {
    const console = new TalkHere(temporaryDirectory());
    const byDigit = new Map<string, string[]>();
    let pair: string[] | undefined;
    // Of 17 ids, two begin with the same hexadecimal digit.
    for (let question = 1; pair === undefined; question++) {
      const answer = id(await console.ask(`Question ${question}`), 'answer');
      const alike = [...(byDigit.get(answer.charAt(0)) ?? []), answer];
      byDigit.set(answer.charAt(0), alike);
      if (alike.length === 2) pair = alike;
    }
    const prefix = pair[0]?.charAt(0);
    for (const line of [`!correct ${prefix} hi`, `!withdraw ${prefix}`, `!history ${prefix}`]) {
      const { ok, text } = await console.ask(line);
      expect([ok, text]).toEqual([false, expect.stringMatching(ONE_SENTENCE)]);
      for (const answer of pair) expect(text).toContain(answer);
    }
    await console.end();
  });

  it('that cannot be read by the program gets one sentence', async ({ skip }) => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'datasets'));
    const file = join(directory, 'datasets', 'secret.jsonl');
    writeFileSync(file, '{"prompt":"a","completion":"b"}\n');
    chmodSync(file, 0);
    // Nothing is unreadable to root, so the program must be somebody else.
    const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
    if (nobody !== undefined)
      for (const path of [directory, join(directory, 'datasets')]) chownSync(path, nobody, nobody);
    const { stdout, error, status } = spawnSync(
      process.execPath,
      [fileURLToPath(new URL('../../src/main.ts', import.meta.url)), '--json', '--data-dir', directory],
      {
        cwd: directory,
        input: '!getfile secret.jsonl\n!train attachment=secret.jsonl\n!archive datasets\n!hi\n',
        ...(nobody !== undefined && { uid: nobody, gid: nobody }),
      },
    );
    if (error !== undefined || status === 127) skip('this account may not start the program as another one');
    const replies = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line): Reply => JSON.parse(line));
    expect(replies.map(({ ok }) => ok)).toEqual([false, false, false, true]);
    for (const { text } of replies.slice(0, 3))
      expect(text).toBe('datasets/secret.jsonl may not be read by this program; change its permissions.');
  });
});

describe('text in any script', () => {
  it('is kept to the byte, from the question to the trained answer', async () => {
    const directory = temporaryDirectory();
    const texts = [
      'مرحبا \u202eabc\u202c \u200f!',
      'e\u0301 and \u00e9, n\u0303o\u0308\u0323\u0323',
      '👩‍👩‍👧‍👦 🏳️‍🌈 \u{10ffff}',
      'tab\there, escape \u001b[31mred, bell \u0007',
      '\ufeffstart and \ufffe \ufffd',
      'Zalgo t\u0300\u0301\u0302\u0303\u0304ext',
      'İıiI ß ſ ﬁ',
      '  space around it  ',
    ];
    const lines = texts.flatMap((text) => [`Say ${text}`, `!correct last ${text}`, `!feedback "${text}"`]);
    const { replies } = await talkHere(directory, [...lines, '!retrain', '!wait', '!promote']);
    expect(replies.filter(({ ok }) => !ok)).toEqual([]);
    const events = eventsIn(directory);
    const given = events.flatMap((event) => (event.type === 'CorrectionGiven' ? event.data.text : []));
    expect(given).toEqual(texts.map((text) => text.trim()));
    const asked = events.flatMap((event) =>
      event.type === 'PredictionMade' ? event.data.messages.at(-1)?.content : [],
    );
    expect(asked).toEqual(texts.map((text) => `Say ${text}`));
    const remarks = events.flatMap((event) => (event.type === 'FeedbackGiven' ? event.data.remark : []));
    expect(remarks).toEqual(texts);

    const again = await talkHere(directory, ['!export last', ...texts.map((text) => `Say ${text}`)]);
    const exported = readFileSync(join(directory, again.replies[0]?.files[0]?.path ?? ''), 'utf8');
    const taught = exported
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).messages.at(-1).content);
    expect(taught).toEqual(texts.map((text) => text.trim()));
    expect(again.replies.slice(1).map(({ data }) => data.response)).toEqual(taught);
  });
});

describe('a word that every object of JavaScript knows', () => {
  const words = ['valueOf', '__proto__', 'constructor', 'toString', 'hasOwnProperty'];

  it('is a remark, a correction or an unknown name like any other word', async () => {
    const directory = temporaryDirectory();
    const { replies } = await talkHere(
      directory,
      words.flatMap((word) => [word, `!correct last ${word}`, `!feedback ${word}`, `!feedback last ${word}`]),
    );
    expect(replies.filter(({ ok }) => !ok)).toEqual([]);
    const remarks = eventsIn(directory).flatMap((event) =>
      event.type === 'FeedbackGiven' ? event.data.remark : [],
    );
    expect(remarks).toEqual(words.flatMap((word) => [word, word]));

    const lines = words.flatMap((word) => [`!${word}`, `!help ${word}`, `!retrain format=${word}`]);
    const refused = await talkHere(directory, [...lines, ...words.map((word) => `!hi ${word}=x`), '!hi']);
    expect(refused.replies.map(({ ok }) => ok)).toEqual([
      ...lines.map(() => false),
      ...words.map(() => false),
      true,
    ]);
  });
});
