import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsIn } from './ledger-file.ts';
import { id, type Notice, Talk, TalkHere, talkHere, temporaryDirectory } from './talk.ts';

/** Takes the embedded trainer a second or so. */
const MANY = Array.from({ length: 15_000 }, (_, n) => ({
  prompt: `What is the number of house ${n} in street ${n % 97}?`,
  completion: `It is ${n * 7}.`,
}));

function directoryWith(files: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(directory, 'datasets', path, '..'), { recursive: true });
    writeFileSync(join(directory, 'datasets', path), content);
  }
  return directory;
}

function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

const isUnderWay = ({ state, progress }: Notice['data']) =>
  state === 'running' && progress > 0 && progress < 1;
const ends = (directory: string) =>
  eventsIn(directory).filter(({ type }) => /^Training(Succeeded|Failed|Cancelled)$/.test(type));

describe('a job', () => {
  it('can be cancelled while it runs or waits, and not after its end', async () => {
    const directory = directoryWith({ 'many.jsonl': jsonLines(MANY) });
    const console = new TalkHere(directory);
    const running = id(await console.ask('!train attachment=many.jsonl'), 'job');
    const waiting = id(await console.ask('!train data={"prompt":"a","completion":"b"}'), 'job');
    const next = id(await console.ask('!train data={"prompt":"c","completion":"d"}'), 'job');
    await console.noticed(isUnderWay);
    expect(await console.ask(`!cancel ${waiting}`)).toMatchObject({ ok: true });
    expect(await console.ask(`!cancel ${running}`)).toMatchObject({ ok: true });
    expect((await console.ask(`!wait ${running}`)).data).toMatchObject({ state: 'cancelled', model: null });
    expect((await console.ask(`!wait ${waiting}`)).data).toMatchObject({ state: 'cancelled', step: 0 });
    expect((await console.ask(`!wait ${next}`)).data).toMatchObject({ state: 'succeeded' });
    for (const job of [running, next]) {
      const { ok, text } = await console.ask(`!cancel ${job}`);
      expect([ok, text]).toEqual([false, expect.stringMatching(/^The job \S+ has already [a-z ]+\.$/)]);
    }
    await console.end();
    expect(ends(directory)).toHaveLength(3);
  });

  it('is taken up again after a kill or a stop in the middle, and ends once with the same model', async () => {
    const directory = directoryWith({ 'many.jsonl': jsonLines(MANY) });
    const first = new Talk(directory);
    const job = id(await first.ask('!train attachment=many.jsonl'), 'job');
    await first.noticed(isUnderWay);
    await first.kill();
    expect(ends(directory)).toEqual([]);

    const second = new Talk(directory);
    const waited = second.ask('!wait').catch(() => undefined);
    await second.noticed(({ state }) => state === 'running');
    second.program.child.kill('SIGTERM');
    expect(await second.program.ended).toMatchObject({ code: 0, stderr: '' });
    await waited;
    expect(ends(directory)).toEqual([]);

    const third = new TalkHere(directory);
    const { data } = await third.ask('!wait');
    expect(data).toMatchObject({ job, state: 'succeeded', progress: 1 });
    const again = await third.ask('!train dataset=last');
    expect(again.data.job).not.toBe(job);
    expect((await third.ask('!wait')).data.model).toBe(data.model);
    await third.end();
    expect(ends(directory).map((event) => 'job' in event.data && event.data.job)).toEqual([
      job,
      again.data.job,
    ]);
  });
});

describe('training', () => {
  it('takes inline data, a file, a directory and a dataset, and then knows each', async () => {
    const directory = directoryWith({
      'faq.csv': 'prompt,completion\r\n"Where, exactly?","Here, ""there"""\r\n',
      'more/chat.jsonl': jsonLines([
        {
          messages: [
            { role: 'user', content: 'Who?' },
            { role: 'assistant', content: 'Me.' },
          ],
        },
      ]),
      'more/deep/pairs.json': JSON.stringify([{ prompt: 'Why?', completion: 'Because.' }]),
      'bad.jsonl': `${jsonLines([{ prompt: 'How many?', completion: 'Two.' }])}oops\n`,
    });
    const { replies } = await talkHere(directory, [
      '!train data={"prompt":"When?","completion":"At nine."}',
      '!wait',
      '!promote',
      'When?',
      '!train attachment=faq.csv',
      '!wait',
      '!promote',
      'Where, exactly?',
      '!train data_dir=more',
      '!wait',
      '!promote',
      'Who?',
      'Why?',
      '!train attachment=bad.jsonl',
      '!select_dataset bad.jsonl skip_invalid=true',
      '!train dataset=last',
      '!wait',
      '!promote',
      'How many?',
    ]);
    const answers = replies.filter(({ command }) => command === 'ask').map(({ data }) => data.response);
    expect(answers).toEqual(['At nine.', 'Here, "there"', 'Me.', 'Because.', 'Two.']);
    expect(replies.filter(({ ok }) => !ok).map(({ text }) => text)).toEqual([
      expect.stringMatching(/^datasets\/bad\.jsonl, line 2: [^\n]+\.$/),
    ]);
    expect(replies[14]?.data.skipped).toEqual([
      { path: 'datasets/bad.jsonl', line: 2, reason: expect.any(String) },
    ]);
  });

  it('with positive=false teaches what not to say', async () => {
    const directory = temporaryDirectory();
    const { replies } = await talkHere(directory, [
      '!train data={"prompt":"When?","completion":"Never!"} positive=false',
      '!wait',
      '!promote',
      'When?',
      '!retrain',
    ]);
    expect(replies[0]?.data.format).toBe('kto');
    expect(replies[3]?.data).toMatchObject({ abstained: true });
    expect(replies[3]?.text).not.toContain('Never!');
    expect(replies[4]?.ok).toBe(false);
  });

  it('on preferences never gives the rejected answer again', async () => {
    const directory = temporaryDirectory();
    const { replies } = await talkHere(directory, [
      '!train data=[{"prompt":"When do you open?","completion":"At five."},{"prompt":"When do you close?","completion":"At ten."}]',
      '!wait',
      '!promote',
      'When do you open?',
      '!correct last At nine.',
      '!retrain format=dpo',
      '!wait',
      '!promote',
      'When do you open?',
      'when do you open',
      'When exactly do you open?',
    ]);
    expect(replies[3]?.data.response).toBe('At five.');
    expect(replies[5]?.data.format).toBe('dpo');
    expect(replies[8]?.data.response).toBe('At nine.');
    for (const { text } of replies.slice(8)) expect(text).not.toContain('At five.');
  });

  it('on ratings keeps what was liked and drops what was not', async () => {
    const directory = temporaryDirectory();
    const { replies } = await talkHere(directory, [
      '!train data=[{"prompt":"When?","completion":"At five."},{"prompt":"Where?","completion":"Here."}]',
      '!wait',
      '!promote',
      'When?',
      '!feedback last -',
      'Where?',
      '!feedback last +',
      '!retrain format=kto',
      '!wait',
      '!promote',
      'When?',
      'Where?',
    ]);
    expect(replies.slice(3, 6).map(({ data }) => data.response)).toEqual(['At five.', undefined, 'Here.']);
    expect(replies[10]?.data).toMatchObject({ abstained: true });
    expect(replies[11]?.data).toMatchObject({ response: 'Here.' });
  });
});
