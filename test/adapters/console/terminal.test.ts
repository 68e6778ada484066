import { afterEach, describe, expect, it, vi } from 'vitest';
import { runConsole } from '../../../src/adapters/console/console.ts';
import type { Language } from '../../../src/domain/languages/languages.ts';
import { capitals, FakeBot, jobNotice, replying } from './fake-bot.ts';
import { Screen } from './screen.ts';

const GREETING = 'Ask something, or !help; Ctrl-D leaves.';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const UP = '\u001b[A';

afterEach(() => vi.unstubAllEnvs());

function sitDown(bot: FakeBot, { columns, language = 'en' }: { columns?: number; language?: Language } = {}) {
  const screen = new Screen(columns);
  const stop = new AbortController();
  const done = runConsole({
    bot,
    speaker: { name: 'ada', givesIds: false },
    language,
    json: false,
    input: screen.keyboard,
    output: screen.output,
    signal: stop.signal,
  });
  const type = (keys: string) => screen.keyboard.write(keys);
  const shows = (...lines: string[]) => vi.waitFor(() => expect(screen.lines).toEqual(lines));
  return { screen, stop, done, type, shows };
}

describe('the console on a terminal', () => {
  it('greets in the language that is set', async () => {
    const { stop, done, shows } = sitDown(new FakeBot(), { language: 'ru' });
    await shows('Спросите что-нибудь или введите !помощь; выход — Ctrl-D.', '›');
    stop.abort();
    await done;
  });

  it('has a prompt, and shows each reply below what was entered', async () => {
    const { done, type, shows } = sitDown(new FakeBot());
    await shows(GREETING, '›');
    type('hello\r');
    await shows(GREETING, '› hello', 'HELLO', '›');
    type('bye\r');
    await shows(GREETING, '› hello', 'HELLO', '› bye', 'BYE', '›');
    type(CTRL_D);
    await done;
  });

  it('brings back what was entered before', async () => {
    const bot = new FakeBot();
    const { done, type, shows } = sitDown(bot);
    type('first\r');
    await shows(GREETING, '› first', 'FIRST', '›');
    type(`${UP}!\r`);
    await shows(GREETING, '› first', 'FIRST', '› first!', 'FIRST!', '›');
    type(CTRL_D);
    await done;
    expect(bot.texts).toEqual(['first', 'first!']);
  });

  it.each([
    ['Ctrl-C', CTRL_C],
    ['Ctrl-D', CTRL_D],
  ])('leaves cleanly with %s', async (_, key) => {
    const bot = new FakeBot();
    const { done, type, shows } = sitDown(bot);
    await shows(GREETING, '›');
    type(key);
    await done;
    expect(bot.listening).toBe(false);
  });

  it('leaves with Ctrl-C also while a line is being carried out', async () => {
    const bot = new FakeBot(() => new Promise(() => {}));
    const { done, type } = sitDown(bot);
    type('!wait\r');
    await vi.waitFor(() => expect(bot.texts).toEqual(['!wait']));
    type(CTRL_C);
    await done;
  });

  it('leaves when it is told to', async () => {
    const { stop, done, shows } = sitDown(new FakeBot());
    await shows(GREETING, '›');
    stop.abort();
    await done;
  });

  it('draws the progress of a training in place and says how it ended above what is being typed', async () => {
    const bot = new FakeBot();
    const { done, type, shows } = sitDown(bot);
    type('half a li');
    await shows(GREETING, '› half a li');
    bot.tell(jobNotice('running', 0));
    await shows(GREETING, '0190f3b2 [                    ] 0 % › half a li');
    bot.tell(jobNotice('running', 0.5));
    await shows(GREETING, '0190f3b2 [==========          ] 50 % › half a li');
    type('ne');
    await shows(GREETING, '0190f3b2 [==========          ] 50 % › half a line');
    bot.tell(jobNotice('succeeded', 1));
    await shows(GREETING, 'Job 0190f3b2 is succeeded.', '› half a line');
    type('\r');
    await shows(GREETING, 'Job 0190f3b2 is succeeded.', '› half a line', 'HALF A LINE', '›');
    type(CTRL_D);
    await done;
  });

  it('keeps a line that is longer than the terminal is wide whole', async () => {
    const bot = new FakeBot();
    const { done, type, shows } = sitDown(bot, { columns: 40 });
    const line = 'x'.repeat(60);
    for (const key of line) type(key);
    await shows(GREETING, `› ${'x'.repeat(38)}`, 'x'.repeat(22));
    bot.tell(jobNotice('succeeded', 1));
    await shows(GREETING, 'Job 0190f3b2 is succeeded.', `› ${'x'.repeat(38)}`, 'x'.repeat(22));
    type(CTRL_C);
    await done;
    expect(bot.texts).toEqual([]);
  });

  it('shows the progress while !wait holds the next line', async () => {
    const { promise: waiting, resolve: ended } = Promise.withResolvers<void>();
    const bot = new FakeBot(async (incoming, text) => {
      await waiting;
      return capitals(incoming, text);
    });
    const { done, type, shows } = sitDown(bot);
    type('!wait\r');
    await shows(GREETING, '› !wait');
    bot.tell(jobNotice('running', 0.25));
    await shows(GREETING, '› !wait', '0190f3b2 [=====               ] 25 %');
    bot.tell(jobNotice('succeeded', 1));
    ended();
    await shows(GREETING, '› !wait', 'Job 0190f3b2 is succeeded.', '!WAIT', '›');
    type(CTRL_D);
    await done;
  });

  it('says that training goes on later when one leaves before its end', async () => {
    const bot = new FakeBot();
    const { screen, done, type, shows } = sitDown(bot);
    await shows(GREETING, '›');
    bot.tell(jobNotice('running', 0.5));
    type(CTRL_D);
    await done;
    await vi.waitFor(() => expect(screen.lines.at(-1)).toBe('Training goes on at the next start.'));
  });

  it('never lets a text steer the terminal', async () => {
    const bot = new FakeBot((incoming) => capitals(incoming, '\u001b[2Jgone\u0007 \u009b31m kept\nnext'));
    const { done, type, shows } = sitDown(bot);
    type('x\r');
    await shows(GREETING, '› x', '␛[2JGONE␇ \u{fffd}31M KEPT', 'NEXT', '›');
    type(CTRL_D);
    await done;
  });

  it('shows refusals in red, and nothing in colour with NO_COLOR', async () => {
    const refuse = () => replying({ ok: false, text: 'No.' });
    for (const [setting, red] of [
      ['FORCE_COLOR', true],
      ['NO_COLOR', false],
    ] as const) {
      vi.unstubAllEnvs();
      vi.stubEnv('FORCE_COLOR', undefined);
      vi.stubEnv('NO_COLOR', undefined);
      vi.stubEnv('TERM', 'xterm-256color');
      vi.stubEnv(setting, '1');
      const { screen, done, type, shows } = sitDown(new FakeBot(refuse));
      type('x\r');
      await shows(GREETING, '› x', 'No.', '›');
      type(CTRL_D);
      await done;
      expect(screen.raw.includes('\u001b[31mNo.\u001b[39m')).toBe(red);
    }
  });
});
