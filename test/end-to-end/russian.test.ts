import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { incomingFromLine } from '../../src/adapters/console/incoming.ts';
import { wordsOfCommand } from '../../src/bot/command.ts';
import { commands } from '../../src/bot/commands/all.ts';
import { loadConfiguration } from '../../src/configuration.ts';
import { languages } from '../../src/domain/languages/languages.ts';
import type { Actor, Bot, JobNotice, Reply } from '../../src/domain/surface.ts';
import { withBot } from '../../src/opening-bot.ts';
import { runHere } from '../program.ts';
import { temporaryDirectory } from './talk.ts';

vi.setConfig({ testTimeout: 60_000 });

/** A text in a reply's data. */
function id({ data }: Reply, key: string): string {
  return z.string().parse(data[key]);
}

/** Latin words that a Russian reply may hold: what is the same in every language, and what was recorded. */
const SAME_EVERYWHERE = [
  /\b(embedded-)?[0-9a-f]{8,64}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{12})?\b/g,
  /\b(trainer:)?embedded(-base)?\b/g,
  /\b(sft|dpo|kto|SHA-256|UTC|UTF-8|NUL|JSON( Lines)?|CSV|ID|id|zip|Discord( Developer Policy)?|en|ru|bot)\b/gi,
  // Folders and files, as they are on the disk.
  /\b(datasets|archives|exports|private)(\/[\w./-]+)?/g,
  /[\w/.-]*\.(jsonl|zip)\b/g,
  /(\/[\w.-]+)+/g,
  /\bdata\b/g,
  /\d{4}-\d\d-\d\dT[\d:]+Z/g,
  // What servers call their hyperparameters.
  /\b(batch_size|learning_rate)\b/g,
  // Fields of JSON.
  /"?\b(prompt|messages|expected|completion|input|preferred_output|role|system|assistant|user)\b"?/g,
];

function latinIn(text: string): string[] {
  const rest = SAME_EVERYWHERE.reduce((left, known) => left.replaceAll(known, ' '), text);
  return rest.match(/[a-z]+/gi) ?? [];
}

type Start = {
  readonly flags?: Readonly<Record<string, string>>;
  readonly locale?: string | null;
  readonly placeLocale?: string;
};

type Say = (line: string, actor?: Partial<Actor>) => Promise<Reply>;

/** The bot in this process, and what a Russian speaker says to it. */
async function inRussian<T>(
  { flags = {}, locale = 'ru', placeLocale }: Start,
  work: (say: Say, bot: Bot) => Promise<T>,
): Promise<T> {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'datasets'));
  writeFileSync(join(directory, 'datasets', 'faq.jsonl'), '{"prompt":"а","completion":"б"}\n{}\n');
  writeFileSync(join(directory, 'datasets', 'good.jsonl'), '{"prompt":"а","completion":"б"}\n');
  const { values: configuration } = loadConfiguration({ DATA_DIR: directory, ...flags }, {}, directory);
  const options = {
    configuration,
    instructions: { source: 'built-in' } as const,
    stop: new AbortController().signal,
    reportFault: (fault: unknown) => expect.unreachable(String(fault)),
  };
  return withBot(options, ({ bot }) => {
    const say: Say = (line, actor = {}) => {
      const incoming = incomingFromLine(line, { name: 'Ада', givesIds: false });
      return bot.run({ ...incoming, locale, placeLocale, actor: { ...incoming.actor, ...actor } });
    };
    return work(say, bot);
  });
}

/** What cannot be done before anything was done, each line in its own way. */
const REFUSED = [
  '!исправит последний Рим.',
  '!непонятно что',
  '!помощь никак',
  '!исправить',
  '!исправить последний',
  '!исправить последний "Рим',
  '!исправить ответ=последний ответ=последний Рим.',
  '!исправить ffffffff Рим.',
  '!исправить последний Рим.',
  '!задания сколько=0',
  '!задания а',
  '!задания чего=1',
  '!задание последнее',
  '!задание ffffffff',
  '!модели до=ffffffff',
  '!набор последний',
  '!набор последний сверить=наверное',
  '!переобучить формат=другой',
  '!переобучить начиная_с=вчера',
  '!переобучить',
  '!переобучить формат=kto',
  '!обучить',
  '!обучить набор=последний желательные=нет',
  '!обучить набор=ffffffff',
  '!обучить данные={',
  '!обучить данные={"prompt":"а"}',
  '!загрузить_набор faq.jsonl',
  '!загрузить_набор ../faq.jsonl',
  '!загрузить_набор нет.jsonl',
  '!архивировать нет',
  '!файл нет.jsonl',
  '!назначить',
  '!назначить причина=" "',
  '!откатить',
  '!проверить [}',
  '!проверить []',
  '!проверить [1]',
  '!проверить {"messages":1}',
  '!проверить {"prompt":1}',
  '!проверить {"prompt":"а","лишнее":"б"}',
  '!проверить {"messages":[{"role":"кто","content":"а"}]}',
  '!проверить {}',
  '!проверить {"messages":[]}',
  '!история ffffffff',
  '!история до=ffffffff',
  '!отозвать последний',
  '!оценить последний +',
  '!войти',
  '!выйти',
  '!рассмотреть решение=наверное',
  '!рассмотреть решение=одобрить',
  '!рассмотреть исправление=последнее решение=одобрить',
  '!мои_данные никак',
  '!правила_обучения разрешение=где отозвать=да',
  '!настройки рассмотрение=иногда',
  '!настройки язык=немецкий',
  '!настройки тренеры=,',
  '!оценить последний',
  '   ',
  'а\0б',
  'я'.repeat(100_001),
];

/** No trainer. */
const guest = { id: 'Боб', manager: false };

describe('somebody who speaks Russian', () => {
  it('closes the loop with commands by their Russian names and is told everything in Russian', async () => {
    await inRussian({}, async (say, bot) => {
      const replies: [line: string, reply: Reply][] = [];
      const ok = async (line: string) => {
        const reply = await say(line);
        expect([line, reply.text, reply.ok]).toEqual([line, reply.text, true]);
        replies.push([line, reply]);
        return reply;
      };
      await ok('Какая столица у Атлантиды?');
      await ok('!привет');
      await ok('!инструкция');
      await ok('!помощь');
      for (const { name } of commands) await ok(`!помощь ${wordsOfCommand(languages.ru, name).name}`);
      await ok('!исправить последний Столица Атлантиды — Посейдонис.');
      await ok('!оценить последний -');
      await ok('!оценить Хороший бот.');
      await ok('!переобучить проба=да');
      const retrained = await ok('!переобучить формат=SFT начиная_с=2020-01-01');
      expect(retrained.text).toMatch(/обучение на наборе данных \S+ \(1 пример, sft,/);
      await bot.idle('local');
      await ok('!ждать');
      await ok('!назначить последняя причина="она знает Атлантиду"');
      expect((await ok('Какая столица у Атлантиды?')).text).toMatch(
        /^Столица Атлантиды — Посейдонис\.\n\(ответ /,
      );
      await ok('!проверить [{"prompt":"Какая столица у Атлантиды?","expected":"Рим"},{"prompt":"Кто?"}]');
      await ok('!обучить данные={"prompt":"Когда?","completion":"В девять."}');
      await ok('!отменить последнее');
      await ok('!загрузить_набор faq.jsonl пропуск_ошибок=да');
      await ok('!обучить набор=последний');
      await bot.idle('local');
      await ok('!задания сколько=5');
      await ok('!задание последнее');
      await ok('!модели');
      await ok('!наборы');
      await ok(`!набор ${id(retrained, 'dataset')} сверить=да`);
      await ok(`!сравнить ${id(retrained, 'dataset')} последний`);
      await ok('!выгрузить последний формат=kto');
      await ok('!архивировать datasets');
      await ok('!файл good.jsonl');
      await ok('!откатить причина="для примера"');
      const { data } = await ok('!история сколько=100');
      await ok('!история последний');
      const shown = JSON.stringify(data).match(/(?<="event":")[0-9a-f-]+/g) ?? [];
      expect(shown.length).toBeGreaterThan(15);
      await ok(`!история ${id(retrained, 'dataset')}`);
      await ok(`!история ${id(retrained, 'job')}`);
      await ok('!исправить последний Рим.');
      await ok('!отозвать последний');
      await ok('!спросить Какая столица у Атлантиды?');
      await say('!исправить последний Не Рим.', guest);
      expect((await ok('!рассмотреть')).text).toContain('Не Рим.');
      await ok('!рассмотреть исправление=последнее решение=Отклонить причина="неверно"');
      await say('!исправить последний Точно не Рим.', guest);
      await ok('!рассмотреть исправление=последнее решение=одобрить текст="Конечно не Рим."');
      await ok('!рассмотреть');
      for (const action of ['показать', 'согласие', 'отзыв', 'выгрузка']) await ok(`!мои_данные ${action}`);
      await ok('!правила_обучения');
      await ok('!правила_обучения разрешение="обращение 12345"');
      await ok('!правила_обучения отозвать=да');
      await ok('!настройки');
      await ok('!настройки рассмотрение=выкл тренеры=1,2 каналы=3 язык=русский');
      await ok('!настройки тренеры=нет каналы=нет');
      await ok('!история сколько=30');
      for (const [line, { text }] of replies) {
        expect([line, text, latinIn(text)]).toEqual([line, text, []]);
        expect(text).toMatch(/\p{Script=Cyrillic}|\.jsonl/u);
      }
      // Of one event it is told what the ledger calls it.
      expect((await say(`!история ${shown[0]}`)).text).toMatch(/версия \d+ потока .*, команда /);
    });
  });

  it('is refused in Russian, whatever is wrong', async () => {
    await inRussian({}, async (say) => {
      for (const line of REFUSED) {
        const { ok, text } = await say(line);
        expect([line, text, ok, latinIn(text)]).toEqual([line, text, false, []]);
        expect([line, text]).toEqual([line, expect.stringMatching(/\p{Script=Cyrillic}/u)]);
      }
    });
  });

  it('who is no trainer is told so in Russian', async () => {
    await inRussian({}, async (say) => {
      for (const line of ['!переобучить', '!рассмотреть', '!настройки']) {
        const { ok, text } = await say(line, guest);
        expect([line, text, ok, latinIn(text)]).toEqual([line, text, false, []]);
        expect(text).toContain(line);
      }
    });
  });

  it('is answered in the language of the place where one is set', async () => {
    await inRussian({ locale: null, placeLocale: 'ru' }, async (say) => {
      expect((await say('!настройки язык=английский')).text).toMatch(/Настройки|Settings|changed/);
      expect((await say('!привет')).text).toMatch(/^Hello/);
      await say('!settings language=place');
      expect((await say('!hi')).text).toMatch(/^Здравствуйте/);
    });
  });

  it('may use the English names, too, and programs are given the same data', async () => {
    await inRussian({}, async (say) => {
      await say('Кто?');
      const [english, russian] = [await say('!help correct'), await say('!помощь исправить')];
      expect(english.text).toBe(russian.text);
      expect(english.text).toContain('!исправить <ответ> [текст] [вопрос=…]');
      expect(english.data).toMatchObject({ name: 'correct', usage: '!correct <answer> [text] [question=…]' });
      expect(await say('!correct answer=last Ада.')).toMatchObject({ ok: true, command: 'correct' });
      expect(await say('!исправить ответ=последний Она.')).toMatchObject({ ok: true, command: 'correct' });
      expect(await say('!retrain dry_run=true')).toMatchObject({ ok: true, data: { examples: 1 } });
    });
  });

  it('is told of commands with the prefix that is set', async () => {
    await inRussian({ flags: { COMMAND_PREFIX: '$' } }, async (say) => {
      expect((await say('$назначить')).text).toMatch(/\$переобучить/);
      expect((await say('$исправит')).text).toMatch(/\$исправить\?/);
    });
  });

  it.each([
    ['ru', 'ru-RU', 'Здравствуйте'],
    ['ru', null, 'Здравствуйте'],
    ['ru', 'en-GB', 'Hello'],
    ['ru', 'fr', 'Здравствуйте'],
    ['en', null, 'Hello'],
    ['en', 'ru', 'Здравствуйте'],
  ])('where the program speaks %s, is greeted by locale %s: %s', async (LOCALE, locale, greeting) => {
    await inRussian({ flags: { LOCALE }, locale }, async (say) => {
      expect((await say('!hi')).text).toMatch(new RegExp(`^${greeting}`));
    });
  });

  it.each([
    ['as the program is set', { LOCALE: 'ru' }, '!настройки'],
    ['as the place is set', { LOCALE: 'en' }, '!settings language=ru'],
  ])('reads of jobs in Russian, as they go on and afterwards: %s', async (_, flags, setting) => {
    await inRussian({ flags, locale: null }, async (say, bot) => {
      const notices: JobNotice[] = [];
      bot.notices('local', (notice) => notices.push(notice), new AbortController().signal);
      await say(setting);
      await say('Кто?');
      await say('!исправить последний Ада.');
      const { data } = await say('!переобучить');
      await bot.idle('local');
      expect(notices.length).toBeGreaterThan(2);
      for (const { text } of notices) expect([text, latinIn(text)]).toEqual([text, []]);
      expect(notices.at(-1)?.text).toMatch(/^Задание \S+ выполнено, .*; !назначить /);
      const inEnglish = await bot.jobStatus('local', String(data.job), 'en');
      const inRussian = await bot.jobStatus('local', String(data.job), 'ru');
      expect(inEnglish).toMatchObject({
        text: expect.stringMatching(/^job .* succeeded/),
        actions: [{ label: 'Promote this model' }],
      });
      expect(inRussian?.text).toMatch(/^задание .* выполнено/);
      expect(inRussian?.actions.map(({ label }) => label)).toEqual(['Назначить эту модель']);
    });
  });

  it('has the whole console in Russian with LOCALE', async () => {
    const lines = 'Кто?\n!исправить последний Ада.\n!переобучить\n!ждать\n!назначить\nКто?\n';
    const notUtf8 = Uint8Array.of(0xff, 0x0a);
    const input = Buffer.concat([Buffer.from(lines), notUtf8]);
    const { code, stdout, stderr } = await runHere(
      ['--data-dir', temporaryDirectory()],
      { LOCALE: 'ru' },
      input,
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\nАда\.\n\(ответ [0-9a-f]+\)\n/);
    expect(stdout).toContain('Эта строка не в UTF-8');
    expect(latinIn(stdout.replaceAll('operator', ''))).toEqual([]);
  });
});
