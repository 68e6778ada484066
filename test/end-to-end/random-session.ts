import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { CONSOLE_SCOPE, incomingFromLine } from '../../src/adapters/console/incoming.ts';
import { loadConfiguration } from '../../src/configuration.ts';
import type { Reply } from '../../src/domain/surface.ts';
import { withBot } from '../../src/opening-bot.ts';

/** What one person sends while the bot runs once; `{answer:3}` stands for the fourth answer's id so far. */
export interface Sitting {
  readonly speaker: string;
  /** Otherwise what the person corrects may wait for a review. */
  readonly manager: boolean;
  readonly lines: readonly string[];
}

const kinds = [
  'answer',
  'correction',
  'dataset',
  'job',
  'model',
  'evaluation',
  'conversation',
  'event',
] as const;
type Kind = (typeof kinds)[number];

const QUESTIONS = [
  'When do you open?',
  'when do you open',
  'Where is the library?',
  'How much is a coffee?',
  'Wie spät ist es?',
  'كم الساعة؟',
];

const text = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'At nine.',
      'Next to the station.',
      'Two euros.',
      '+',
      '-',
      'last',
      ...QUESTIONS,
    ),
  },
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

function reference(kind: Kind): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constant('last'),
    fc.nat(99).map((n) => `{${kind}:${n}}`),
    fc.constantFrom('0', 'f', 'ffffffff', "'", '%'),
  );
}

const option = (name: string, ...values: string[]) =>
  fc.constantFrom('', ...values.map((value) => ` ${name}=${value}`));

function command(name: string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((words) => [`!${name}`, ...words].join(' '));
}

const example = fc.record({ prompt: fc.constantFrom(...QUESTIONS), completion: text });
const testCase = fc.record(
  { prompt: fc.constantFrom(...QUESTIONS), expected: text },
  { requiredKeys: ['prompt'] },
);

/** So many that some are held out of the training, to be evaluated. */
const HELD_OUT_AMONG = Array.from({ length: 30 }, (_, index) => ({
  prompt: `What is the number after ${index}?`,
  completion: `It is ${index + 1}.`,
}));

const line: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 8, arbitrary: fc.oneof(fc.constantFrom(...QUESTIONS), text) },
    { weight: 8, arbitrary: command('correct', reference('answer'), text) },
    { weight: 2, arbitrary: command('withdraw', reference('answer')) },
    { weight: 4, arbitrary: command('feedback', reference('answer'), text) },
    { weight: 1, arbitrary: command('feedback', text) },
    {
      weight: 4,
      arbitrary: command(
        'retrain',
        option('format', 'sft', 'dpo', 'kto', 'x'),
        option('since', '2020-01-01', '2100-01-01'),
      ),
    },
    {
      weight: 2,
      arbitrary: command(
        'train',
        example.map((data) => `data=${JSON.stringify(data)}`),
        option('positive', 'false', 'x'),
      ),
    },
    {
      weight: 1,
      arbitrary: command(
        'train',
        reference('dataset').map((id) => `dataset=${id}`),
      ),
    },
    {
      weight: 1,
      arbitrary: command(
        'train',
        fc.constantFrom('data_dir=datasets', 'attachment=good.jsonl'),
        option('skip_invalid', 'true'),
      ),
    },
    {
      weight: 1,
      arbitrary: command(
        'select_dataset',
        fc.constantFrom('good.jsonl', 'bad.jsonl', '../up'),
        option('skip_invalid', 'true'),
      ),
    },
    {
      weight: 2,
      arbitrary: command(
        'test',
        fc.array(testCase, { maxLength: 3 }).map((cases) => JSON.stringify(cases)),
      ),
    },
    { weight: 2, arbitrary: fc.constant('!wait') },
    {
      weight: 3,
      arbitrary: command(
        'promote',
        fc.oneof(fc.constant(''), reference('model')),
        option('reason', '"good"'),
      ),
    },
    { weight: 1, arbitrary: command('rollback') },
    { weight: 1, arbitrary: command('cancel', reference('job')) },
    { weight: 1, arbitrary: command('export', reference('dataset'), option('format', 'sft', 'dpo', 'kto')) },
    { weight: 1, arbitrary: command('archive', fc.constantFrom('datasets', 'exports', 'nowhere')) },
    { weight: 1, arbitrary: command('getfile', fc.constantFrom('good.jsonl', 'missing')) },
    { weight: 1, arbitrary: command('instruction') },
    {
      weight: 2,
      arbitrary: command(
        'review',
        reference('correction').map((id) => `correction=${id}`),
        option('decision', 'approve', 'reject', 'x'),
        option('text', '"At ten."'),
        option('reason', '"rude"'),
      ),
    },
    {
      weight: 1,
      arbitrary: command(
        'settings',
        option('review', 'untrusted', 'off'),
        option('gate', 'off', 'evaluation'),
        option('language', 'ru', 'en', 'place'),
        option('trainer', 'embedded', 'x'),
      ),
    },
    { weight: 1, arbitrary: command('policy', option('permission', '"Ticket 1"'), option('revoke', 'true')) },
    { weight: 2, arbitrary: command('privacy', fc.constantFrom('consent', 'withdraw', 'export', 'x')) },
    { weight: 1, arbitrary: command('evaluate', fc.oneof(fc.constant(''), reference('model'))) },
    { weight: 1, arbitrary: fc.constant(`!train data=${JSON.stringify(HELD_OUT_AMONG)}`) },
    { weight: 2, arbitrary: text.map((nonsense) => `!${nonsense}`) },
    { weight: 1, arbitrary: command('history', reference('event'), text) },
  )
  .map((sent) => sent.replaceAll(/[\r\n]/g, ' '));

/** One of each that random lines seldom come to, since it needs others before it. */
const FIRST: readonly Sitting[] = [
  {
    speaker: 'operator',
    manager: true,
    lines: [
      '!settings gate=evaluation',
      '!settings gate=off',
      '!policy permission="Ticket 1"',
      '!privacy consent',
    ],
  },
  {
    speaker: 'ada',
    manager: false,
    lines: ['When do you open?', '!correct last At nine.', '!privacy consent'],
  },
  {
    speaker: 'operator',
    manager: true,
    lines: [
      '!review correction={correction:0} decision=approve',
      '!privacy withdraw',
      `!train data=${JSON.stringify(HELD_OUT_AMONG)}`,
      '!wait',
      '!evaluate',
    ],
  },
];

export function sittings(most: number, lines: number): fc.Arbitrary<Sitting[]> {
  return fc.array(
    fc.record({
      speaker: fc.constantFrom('ada', 'Боб', 'operator', 'last', '0'),
      manager: fc.boolean(),
      lines: fc.array(line, { minLength: Math.ceil(lines / 2), maxLength: lines, size: 'max' }),
    }),
    { minLength: 2, maxLength: most, size: 'max' },
  );
}

/** A data directory in which people sit down one after the other, and every id that they were told. */
export class RandomSession {
  readonly directory: string;
  readonly #known = new Map<Kind, Set<string>>(kinds.map((kind) => [kind, new Set()]));
  readonly #speakers = new Set<string>();

  constructor(directory: string) {
    this.directory = directory;
    mkdirSync(join(directory, 'datasets'));
    writeFileSync(join(directory, 'datasets', 'good.jsonl'), '{"prompt":"Hi?","completion":"Hello."}\n');
    writeFileSync(join(directory, 'datasets', 'bad.jsonl'), '{"prompt":"Hi?","completion":"Hello."}\noops\n');
  }

  /** The sittings in which each command that writes does so. */
  async begin(): Promise<void> {
    for (const sitting of FIRST) await this.sit(sitting);
  }

  /** @throws Error where the bot reports a fault */
  async sit({ speaker, manager, lines }: Sitting): Promise<void> {
    this.#speakers.add(speaker);
    await withBot(
      {
        configuration: loadConfiguration({ DATA_DIR: this.directory }, {}, this.directory).values,
        instructions: { source: 'built-in' },
        stop: new AbortController().signal,
        reportFault: (fault) => {
          throw fault;
        },
      },
      async ({ bot }) => {
        const ask = async (line: string) => {
          const incoming = incomingFromLine(line, { name: speaker, givesIds: false });
          this.#learn(await bot.run({ ...incoming, actor: { ...incoming.actor, manager } }));
        };
        for (const sent of lines) await ask(this.#fill(sent));
        for (const listed of ['history', 'jobs', 'models', 'datasets']) await ask(`!${listed} limit=100`);
        await bot.idle(CONSOLE_SCOPE);
      },
    );
  }

  /** Everything that can be asked without changing anything. */
  get questions(): readonly string[] {
    const ids = (kind: Kind) => [...(this.#known.get(kind) ?? [])];
    const [first, second] = ids('dataset');
    return [
      ...[
        '!hi',
        '!help',
        '!help train',
        '!history',
        '!history last',
        '!history limit=3 before=last',
        '!history embedded-base',
      ],
      ...[
        '!jobs',
        '!jobs limit=1',
        '!jobs before=last',
        '!job last',
        '!wait',
        '!models',
        '!models before=last',
      ],
      ...['!datasets', '!datasets before=last', '!dataset last', '!retrain dry_run=true'],
      ...['!retrain dry_run=true format=dpo', '!retrain dry_run=true format=kto since=2020-01-01'],
      ...['!review', '!review limit=1', '!settings', '!policy', '!privacy'],
      ...(second === undefined ? [] : [`!diff ${first} ${second}`, `!diff last ${first}`]),
      ...ids('dataset').flatMap((id) => [`!dataset ${id}`, `!dataset ${id} after=1 limit=2`]),
      ...ids('job').map((id) => `!job ${id}`),
      ...ids('correction').map((id) => `!review correction=${id}`),
      ...ids('event').map((id) => `!history before=${id} limit=2`),
      ...kinds.flatMap((kind) => ids(kind).map((id) => `!history ${id}`)),
      ...ids('answer').map((id) => `!history ${id.slice(0, 8)} limit=1`),
      ...[...this.#speakers].map((speaker) => `!history "${speaker}" limit=100`),
    ];
  }

  #fill(sent: string): string {
    return sent.replaceAll(/\{([a-z]+):(\d+)\}/g, (whole, kind: string, n: string) => {
      const known = kinds.find((candidate) => candidate === kind);
      const ids = known === undefined ? [] : [...(this.#known.get(known) ?? [])];
      return ids[Number(n) % ids.length] ?? whole;
    });
  }

  #learn({ data }: Reply): void {
    const look = (value: unknown, key: string): void => {
      const kind = kinds.find((candidate) => candidate === key);
      if (typeof value === 'string') {
        if (kind !== undefined) this.#known.get(kind)?.add(value);
      } else if (typeof value === 'object' && value !== null) {
        for (const [name, inner] of Object.entries(value)) look(inner, name);
      }
    };
    look(data, '');
  }
}
