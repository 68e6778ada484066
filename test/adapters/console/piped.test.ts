import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { type ConsoleOptions, runConsole } from '../../../src/adapters/console/console.ts';
import { capitals, FakeBot, jobNotice, replying } from './fake-bot.ts';

function start(bot: FakeBot, options: Partial<ConsoleOptions> = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  const stop = new AbortController();
  const written: string[] = [];
  output.setEncoding('utf8').on('data', (text: string) => written.push(text));
  const done = runConsole({
    bot,
    speaker: { name: 'ada', givesIds: false },
    language: 'en',
    json: false,
    input,
    output,
    signal: stop.signal,
    ...options,
  });
  return { input, output, stop, done, text: () => written.join('') };
}

async function converse(bot: FakeBot, sent: string | Uint8Array, options: Partial<ConsoleOptions> = {}) {
  const { input, done, text } = start(bot, options);
  input.end(sent);
  await done;
  return text();
}

describe('the console with piped input', () => {
  it('gives one reply for each line, in order, as plain text', async () => {
    const bot = new FakeBot();
    expect(await converse(bot, 'one\ntwo\nthree')).toBe('ONE\nTWO\nTHREE\n');
    expect(bot.mostRunning).toBe(1);
  });

  it('says who speaks, where, and with a new id for each line', async () => {
    const bot = new FakeBot();
    await converse(bot, 'hello\nhello\n');
    const [first, second] = bot.received;
    expect(first).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      input: { kind: 'text', text: 'hello' },
      actor: { id: 'ada', manager: true, roles: [] },
      scope: 'local',
      channel: 'console',
      origin: 'console',
      surface: 'console',
      locale: null,
      attachments: [],
      voice: null,
    });
    expect(second?.id).not.toBe(first?.id);
  });

  it('gives one reply for an empty line, too, so that nobody waits for one in vain', async () => {
    const bot = new FakeBot((incoming, text) => capitals(incoming, text === '' ? 'empty' : text));
    expect(await converse(bot, '\n\r\n \nlast\n')).toBe('EMPTY\nEMPTY\n \nLAST\n');
    expect(bot.texts).toEqual(['', '', ' ', 'last']);
  });

  it('hands a text of 1 MiB and NUL bytes on as they are', async () => {
    const bot = new FakeBot();
    const long = 'ü'.repeat(512 * 1024);
    await converse(bot, `${long}\na\0b\n`);
    expect(bot.texts).toEqual([long, 'a\0b']);
  });

  it('refuses a line that is not UTF-8 and does nothing for it', async () => {
    const bot = new FakeBot();
    const sent = Buffer.concat([Buffer.from('one\n'), Buffer.from([0xff, 0x0a]), Buffer.from('two\n')]);
    expect(await converse(bot, sent)).toBe(
      'ONE\nThis line is not valid UTF-8, so nothing was done; send it as UTF-8.\nTWO\n',
    );
    expect(bot.texts).toEqual(['one', 'two']);
  });

  it('refuses a line of more than 8 MiB and goes on with the next', async () => {
    const bot = new FakeBot();
    expect(await converse(bot, `${'x'.repeat(8 * 1024 * 1024 + 1)}\nnext\n`)).toBe(
      'This line is longer than 8 MiB, so nothing was done; send a file instead.\nNEXT\n',
    );
    expect(bot.texts).toEqual(['next']);
  });

  it('replies also where the bot fails, and lives on', async () => {
    const bot = new FakeBot((incoming, text) => {
      if (text === 'bad') throw new Error('a bug');
      return capitals(incoming, text);
    });
    expect(await converse(bot, 'bad\ngood\n')).toBe(
      'The program failed at this line (a bug), so it may not have been done.\nGOOD\n',
    );
  });

  it('waits at the end of input for running jobs and says how they ended, in one line', async () => {
    const bot = new FakeBot();
    const end = bot.trainUntil();
    const { input, done, text } = start(bot);
    input.end('!retrain\n');
    await vi.waitFor(() => expect(text()).toBe('!RETRAIN\n'));
    for (const progress of [0, 0.5, 1]) bot.tell(jobNotice('running', progress));
    bot.tell(jobNotice('succeeded', 1));
    end();
    await done;
    expect(text()).toBe('!RETRAIN\nJob 0190f3b2 is succeeded.\n');
    expect(bot.listening).toBe(false);
  });

  it('stops quietly when nobody reads any more', async () => {
    const bot = new FakeBot();
    const { input, output, done } = start(bot);
    const gone: NodeJS.ErrnoException = new Error('write EPIPE');
    gone.code = 'EPIPE';
    output.destroy(gone);
    input.write('one\n');
    await done;
    expect(bot.texts.length).toBeLessThanOrEqual(1);
  });

  it('fails where the output cannot be written for another reason', async () => {
    const { output, done } = start(new FakeBot());
    const full: NodeJS.ErrnoException = new Error('ENOSPC: no space left on device, write');
    full.code = 'ENOSPC';
    output.destroy(full);
    await expect(done).rejects.toThrow('no space left');
  });
});

describe('the console told to leave', () => {
  it('finishes the line that is being carried out and takes no other', async () => {
    const { promise: finishing, resolve: finish } = Promise.withResolvers<void>();
    const bot = new FakeBot(async (incoming, text) => {
      await finishing;
      return capitals(incoming, text);
    });
    const { input, stop, done, text } = start(bot);
    input.write('one\ntwo\nthree\n');
    await vi.waitFor(() => expect(bot.texts).toEqual(['one']));
    stop.abort();
    finish();
    await done;
    expect(text()).toBe('ONE\n');
    expect(bot.texts).toEqual(['one']);
  });

  it('does not wait for more input', async () => {
    const { stop, done, text } = start(new FakeBot());
    stop.abort();
    await done;
    expect(text()).toBe('');
  });

  it('does not wait for running jobs', async () => {
    const bot = new FakeBot();
    bot.trainUntil();
    const { input, stop, done, text } = start(bot);
    input.end('one\n');
    await vi.waitFor(() => expect(text()).toBe('ONE\n'));
    stop.abort();
    await done;
  });
});

describe('the console with --json', () => {
  it('prints one object a line with exactly these keys in this order', async () => {
    const answer = replying({
      command: 'getfile',
      text: 'Here is\nexports/a.jsonl.',
      data: { path: 'exports/a.jsonl', nested: { list: [1, null, 'ü'] } },
      files: [{ bytes: 3, sha256: 'ab', path: 'exports/a.jsonl' }],
    });
    const reply = () => answer;
    expect(await converse(new FakeBot(reply), '!getfile exports/a.jsonl\n', { json: true })).toBe(
      '{"command":"getfile","ok":true,"text":"Here is\\nexports/a.jsonl.",' +
        '"data":{"path":"exports/a.jsonl","nested":{"list":[1,null,"ü"]}},' +
        '"files":[{"path":"exports/a.jsonl","bytes":3,"sha256":"ab"}]}\n',
    );
  });

  it('prints the same for what never reached the bot', async () => {
    expect(await converse(new FakeBot(), Uint8Array.of(0xc0, 0x0a), { json: true })).toBe(
      '{"command":"","ok":false,"text":"This line is not valid UTF-8, so nothing was done; send it as UTF-8.",' +
        '"data":{},"files":[]}\n',
    );
  });

  it('prints every notice of a job as it comes', async () => {
    const bot = new FakeBot();
    const end = bot.trainUntil();
    const { input, done, text } = start(bot, { json: true });
    input.end();
    await vi.waitFor(() => expect(bot.listening).toBe(true));
    bot.tell(jobNotice('requested', 0));
    bot.tell(jobNotice('running', 0.25));
    bot.tell(jobNotice('succeeded', 1));
    end();
    await done;
    const job = '"job":"0190f3b2-aaaa-7000-8000-000000000001"';
    expect(text()).toBe(
      `{"notice":"job","data":{${job},"state":"requested","progress":0,"model":null}}\n` +
        `{"notice":"job","data":{${job},"state":"running","progress":0.25,"model":null}}\n` +
        `{"notice":"job","data":{${job},"state":"succeeded","progress":1,"model":"embedded-abc"}}\n`,
    );
  });
});

describe('the console with --ids', () => {
  const speaker = { name: 'ada', givesIds: true };

  it('takes the command id from the start of each line', async () => {
    const bot = new FakeBot();
    await converse(bot, 'c-1 hello  there\nc-2 !hi\nc-1 hello  there\nc-3 \n', { speaker });
    expect(bot.received.map(({ id, input }) => [id, input])).toEqual([
      ['c-1', { kind: 'text', text: 'hello  there' }],
      ['c-2', { kind: 'text', text: '!hi' }],
      ['c-1', { kind: 'text', text: 'hello  there' }],
      ['c-3', { kind: 'text', text: '' }],
    ]);
  });

  it('refuses a line without an id', async () => {
    const bot = new FakeBot();
    const sentence =
      'With --ids every line is an id of at most 200 characters, a space and the text; this one is not.\n';
    expect(await converse(bot, `alone\n text\n${'x'.repeat(201)} text\n`, { speaker })).toBe(
      sentence.repeat(3),
    );
    expect(bot.received).toEqual([]);
  });
});
