import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countEvents, eventsIn } from './ledger-file.ts';
import { id, TalkHere, talkHere, temporaryDirectory } from './talk.ts';

const env = { LOCALE: 'ru' };

/** What is sent, and the one sentence that comes back. */
const REFUSED: readonly (readonly [line: string, says: string])[] = [
  ['!job ffffffff', 'Нет задания с id «ffffffff»; посмотреть, что есть, можно командой !задания.'],
  [
    '!исправить ffffffff привет',
    'Нет ответа с id «ffffffff»; посмотреть, что есть, можно командой !история.',
  ],
  ['!history ffffffff', 'Здесь ничего нет с id «ffffffff»; последние события показывает !история без id.'],
  ['!wait', 'В этом разговоре ещё нет задания, поэтому «последний» ничего не обозначает.'],
  [
    '!select_dataset ../outside.jsonl',
    'В пути ../outside.jsonl есть .., и он может вести наружу; укажите путь внутри datasets, archives или exports, например datasets/faq.jsonl.',
  ],
  [
    '!getfile /etc/passwd',
    'Путь /etc/passwd абсолютный; укажите путь внутри datasets, archives или exports, например datasets/faq.jsonl.',
  ],
  [
    '!select_dataset link.jsonl',
    'datasets/link.jsonl — ссылка, которая ведёт за пределы datasets, archives и exports; положите вместо неё копию файла.',
  ],
  ['!getfile folder', 'datasets/folder — каталог, а нужен файл; укажите файл в нём.'],
  [
    '!getfile archive/x.zip',
    'В datasets, archives и exports нет файла archive/x.zip; его место в DATA/datasets.',
  ],
  [
    '!select_dataset empty.jsonl',
    'Примеров для обучения нет: datasets/empty.jsonl; укажите файл с примерами.',
  ],
  [
    '!select_dataset columns.csv',
    'datasets/columns.csv, строка 1: в заголовке файла CSV должны быть столбцы prompt и completion, а здесь их нет; ничего не взято, поэтому исправьте строку или добавьте пропуск_ошибок=да.',
  ],
  [
    '!select_dataset short.csv',
    'datasets/short.csv, строка 3: здесь 1 поле, а в заголовке 2; текст с запятой, кавычкой или переводом строки возьмите в кавычки; ничего не взято, поэтому исправьте строку или добавьте пропуск_ошибок=да.',
  ],
  [
    '!select_dataset broken.json',
    "datasets/broken.json, строка 2: ошибка в JSON в строке 2, столбце 16, поэтому дальше список не читается: здесь должен быть знак ','; ничего не взято, поэтому исправьте строку или добавьте пропуск_ошибок=да.",
  ],
  ['!rollback', 'Нет предыдущей модели, к которой можно вернуться; все модели показывает !модели.'],
];

describe('whoever speaks Russian', () => {
  it('is told in one Russian sentence what was wrong, and nothing is changed', async () => {
    const directory = temporaryDirectory();
    const datasets = join(directory, 'datasets');
    mkdirSync(join(datasets, 'folder'), { recursive: true });
    symlinkSync('/etc/hostname', join(datasets, 'link.jsonl'));
    writeFileSync(join(datasets, 'empty.jsonl'), '\n');
    writeFileSync(join(datasets, 'columns.csv'), 'question,answer\na,b\n');
    writeFileSync(join(datasets, 'short.csv'), 'prompt,completion\na,b\nc\n');
    writeFileSync(
      join(datasets, 'broken.json'),
      '[{"prompt":"a","completion":"b"},\n {"prompt":"x" "completion":"y"}]',
    );
    const { replies } = await talkHere(
      directory,
      REFUSED.map(([line]) => line),
      { env },
    );
    expect(replies.map(({ ok, text }) => [ok, text.replace(directory, 'DATA')])).toEqual(
      REFUSED.map(([, says]) => [false, says]),
    );
    expect(countEvents(directory)).toBe(0);
  });

  it('is told every bad line, with Russian plurals', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'datasets'));
    const lines = ['{"prompt":"a","completion":"b"}', '{"prompt":1}', 'nonsense', '{"messages":[]}'];
    writeFileSync(join(directory, 'datasets', 'bad.jsonl'), lines.join('\n'));
    const {
      replies: [refused, taken],
    } = await talkHere(
      directory,
      ['!select_dataset bad.jsonl', '!train attachment=bad.jsonl skip_invalid=true'],
      {
        env,
      },
    );
    const reasons = [
      'datasets/bad.jsonl, строка 2: в поле prompt стоит число, а нужно: текст',
      'datasets/bad.jsonl, строка 3: это не объект JSON, который начинается со знака {',
      'datasets/bad.jsonl, строка 4: в поле messages должно быть не меньше 2 сообщений',
    ];
    expect(refused?.text.split('\n')).toEqual([
      '3 строки не годятся, поэтому ничего не взято; исправьте их или добавьте пропуск_ошибок=да:',
      ...reasons,
    ]);
    expect(taken?.text.split('\n').slice(-3)).toEqual(reasons);
    // What is for programs, and what is kept, stays as it is in English.
    expect(taken?.data.skipped).toEqual([
      { path: 'datasets/bad.jsonl', line: 2, reason: 'prompt is a number and must be text' },
      { path: 'datasets/bad.jsonl', line: 3, reason: 'it is not a JSON object, which begins with {' },
      { path: 'datasets/bad.jsonl', line: 4, reason: 'messages needs at least 2 messages' },
    ]);
    const [selected] = eventsIn(directory);
    if (selected?.type !== 'DatasetSelected') throw new Error('nothing was selected');
    const { manifest } = selected.data;
    const kept = readFileSync(join(directory, 'vault', manifest.slice(0, 2), manifest.slice(2)), 'utf8');
    expect(kept).toContain('prompt is a number and must be text');
  });

  it('is told what an ambiguous beginning may stand for', async () => {
    const console = new TalkHere(temporaryDirectory(), { env });
    const answers = new Map<string, string>();
    let pair: readonly [string, string] | undefined;
    // Of 17 ids, two begin with the same hexadecimal digit.
    while (pair === undefined) {
      const answer = id(await console.ask('Когда вы открываетесь?'), 'answer');
      const other = answers.get(answer.charAt(0));
      if (other !== undefined) pair = [other, answer];
      answers.set(answer.charAt(0), answer);
    }
    const [first, second] = pair;
    const { ok, text } = await console.ask(`!отозвать ${first.charAt(0)}`);
    await console.end();
    expect(ok).toBe(false);
    expect(text).toMatch(
      new RegExp(`^«${first.charAt(0)}» подходит не к одному: .+; напишите id подлиннее\\.$`),
    );
    for (const answer of [first, second]) expect(text).toContain(answer);
  });

  it('hears the model abstain in Russian, and is told the history in Russian, but programs in English', async () => {
    const { replies } = await talkHere(
      temporaryDirectory(),
      [
        'Когда вы открываетесь?',
        '!исправить последний В девять.',
        '!переобучить',
        '!ждать',
        '!назначить причина=пора',
        'Когда вы открываетесь?',
        '!история последний',
        '!история',
      ],
      { env, flags: ['--as', 'ada'] },
    );
    expect(replies.filter(({ ok }) => !ok)).toEqual([]);
    const [abstained, , , , promoted, answered, chain, events] = replies;
    expect(abstained?.data).toMatchObject({
      abstained: true,
      response:
        'Такого ответа я ещё не знаю. Научите меня: !исправить последний <правильный ответ>, а потом !переобучить.',
    });
    expect(promoted?.text).toMatch(/^Теперь здесь отвечает модель /);
    expect(answered?.text).toMatch(/^В девять\.\n\(ответ [0-9a-f]{8}\)$/);

    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC`;
    const patterns = [
      String.raw`^ответ \w+ модели embedded-\w+ на «Когда вы открываетесь\?»: «В девять\.», взят из строки 1 набора данных \w+ \(сходство 1\.00\) \(ada, ${time}\)$`,
      String.raw`^← модель embedded-\w+, обучена по заданию \w+ \(ada, ${time}\)$`,
      String.raw`^← задание \w+: .*выполнено, получена модель embedded-\w+, потери 0\.0000 \(ada, ${time}\)$`,
      String.raw`^← набор данных \w+: 1 пример, sft, SHA-256 \w{64}, собран из журнала \(ada, ${time}\)$`,
      String.raw`^← исправление \w+ ответа \w+: «В девять\.» \(ada, ${time}\)$`,
      String.raw`^← ответ \w+ модели embedded-base на «Когда вы открываетесь\?»: «Такого ответа я ещё не знаю\..*» \(ada, ${time}\)$`,
      '^← модель embedded-base, до всякого обучения здесь$',
    ];
    const lines = chain?.text.split('\n') ?? [];
    expect(lines).toEqual(patterns.map((pattern) => expect.stringMatching(pattern)));
    expect(JSON.stringify(chain?.data)).toMatch(/"words":"answer \w+ of model embedded-/);

    const [newest, promotion] = events?.text.split('\n') ?? [];
    expect(newest).toMatch(
      new RegExp(
        String.raw`^${time} ada: вопрос «Когда вы открываетесь\?», модель embedded-\w+ ответила «В девять\.» \(ответ \w+\) \[событие \w+\]$`,
      ),
    );
    expect(promotion).toMatch(
      / ada: назначена модель embedded-\w+ вместо модели embedded-base, причина: пора \[/,
    );
    expect(JSON.stringify(events?.data)).toMatch(
      /"words":"asked “Когда вы открываетесь\?” and model embedded-\w+ answered “В девять\.” \(answer \w+\)"/,
    );
  });
});
