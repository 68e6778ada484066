import { describe, expect, it } from 'vitest';
import type { LeftOutReason } from '../../src/domain/events.ts';
import type { DatasetFormat } from '../../src/domain/examples.ts';
import { languages } from '../../src/domain/languages/languages.ts';
import { Origin } from '../../src/domain/policy.ts';
import { manifestHeader, manifestLine } from '../../src/domain/replay.ts';
import { type Choice, provenances, replayed, replayOf, selection } from './replayed.ts';
import {
  approves,
  asks,
  consents,
  corrects,
  type Happening,
  isErased,
  message,
  onDay,
  rates,
  rejects,
  takesConsentBack,
  told,
  turn,
  withdraws,
} from './story.ts';

/** Words typed as Discord messages, which need consent. */
const spoken: Choice['policy'] = { permittedOrigins: ['message', 'console'], consentRequired: ['message'] };
const asMessage = { origin: 'message' } as const;

describe('the corrections of a ledger', () => {
  it('become an example each, in the order in which the answers were given', () => {
    const happenings = [asks('a1'), asks('a2'), asks('a3'), corrects('a3', 'c1'), corrects('a1', 'c2')];
    expect(replayed(happenings)).toEqual(['a1? → c2!', 'a3? → c1!']);
  });

  it.each<[string, Happening[], string[]]>([
    [
      'the last one wins',
      [corrects('a1', 'c1'), corrects('a1', 'c2', { by: 'bob' })],
      ['c1: superseded', '→ c2!'],
    ],
    [
      'withdrawing the last one brings the earlier one back',
      [corrects('a1', 'c1'), corrects('a1', 'c2'), corrects('a1', 'c3'), withdraws('a1', 'c3')],
      ['c1: superseded', '→ c2!', 'c3: withdrawn'],
    ],
    [
      'withdrawing an earlier one changes nothing',
      [corrects('a1', 'c1'), corrects('a1', 'c2'), withdraws('a1', 'c1')],
      ['c1: withdrawn', '→ c2!'],
    ],
    [
      'one that waits for review does not count yet',
      [corrects('a1', 'c1'), corrects('a1', 'c2', { review: 'required' })],
      ['→ c1!', 'c2: awaiting_review'],
    ],
    [
      'one that was rejected does not count',
      [corrects('a1', 'c1'), corrects('a1', 'c2', { review: 'required' }), rejects('a1', 'c2')],
      ['→ c1!', 'c2: rejected'],
    ],
    [
      'one that was approved counts from when it was given',
      [
        corrects('a1', 'c1', { review: 'required' }),
        corrects('a1', 'c2', { review: 'required' }),
        approves('a1', 'c2'),
        approves('a1', 'c1'),
      ],
      ['c1: superseded', '→ c2!'],
    ],
    [
      'one that may not be trained on still stands against an earlier one',
      [corrects('a1', 'c1'), corrects('a1', 'c2', { by: 'bob' }), takesConsentBack('bob')],
      ['c1: superseded', 'c2: not_consented'],
    ],
    [
      'one of an answer that is not there counts for nothing',
      [corrects('a2', 'c1'), withdraws('a2', 'c9')],
      [],
    ],
  ])('count one for each answer: %s', (_, corrections, expected) => {
    const entries = replayed([asks('a1'), ...corrections]);
    expect(entries).toEqual(
      expected.map((entry) => (entry.startsWith('→') ? `a1? ${entry}` : `a1 ${entry}`)),
    );
  });

  it('teach to prefer them in dpo', () => {
    const happenings = [asks('a1'), corrects('a1', 'c1'), asks('a2')];
    expect(replayed(happenings, { format: 'dpo' })).toEqual(['a1? → c1! ↛ a1!']);
  });

  it('count from a time on, and at that time', () => {
    const happenings = [asks('a1'), corrects('a1', 'c1'), asks('a2'), corrects('a2', 'c2')];
    const from = (day: number) => replayed(happenings, { since: onDay(day) });
    expect(from(2)).toEqual(['a1? → c1!', 'a2? → c2!']);
    expect(from(3)).toEqual(['a1 c1: before_selection', 'a2? → c2!']);
    expect(from(5)).toEqual(['a1 c1: before_selection', 'a2 c2: before_selection']);
  });

  it('are the same example only where question, turns and correction are the same', () => {
    const same = { question: 'q?' };
    const text = { text: 'c!' };
    const happenings = [
      asks('a1', same),
      asks('a2', { ...same, response: 'other', by: 'bob' }),
      asks('a3', { ...same, after: turn('a1') }),
      corrects('a3', 'c3', text),
      corrects('a2', 'c2', text),
      corrects('a1', 'c1', text),
    ];
    expect(replayed(happenings)).toEqual(['q? → c!', 'a2 c2: duplicate', 'a1? a1! q? → c!']);
    expect(replayed(happenings, { format: 'dpo' })).toHaveLength(3);
    expect(replayed([...happenings, withdraws('a1', 'c1')])).toEqual([
      'a1 c1: withdrawn',
      'q? → c!',
      'a1? a1! q? → c!',
    ]);
  });
});

describe('the ratings of a ledger', () => {
  const kto = (...happenings: Happening[]) => replayed([asks('a1'), ...happenings], { format: 'kto' });

  it.each<[string, Happening[], string[]]>([
    ['thumbs up', [rates('a1', 'up')], ['a1? → a1!']],
    ['thumbs down', [rates('a1', 'down')], ['a1? ↛ a1!']],
    ['a changed mind', [rates('a1', 'up'), rates('a1', 'down')], ['a1? ↛ a1!']],
    [
      'more up than down',
      [rates('a1', 'up'), rates('a1', 'down', 'bob'), rates('a1', 'up', 'cy')],
      ['a1? → a1!'],
    ],
    ['as many up as down', [rates('a1', 'up'), rates('a1', 'down', 'bob')], ['a1: ratings_tied']],
    ['a remark after a rating', [rates('a1', 'down'), rates('a1', null)], ['a1? ↛ a1!']],
    ['a remark only', [rates('a1', null)], []],
    ['a rating of nothing', [rates(null, 'up')], []],
    ['a rating of an answer that is not there', [rates('a9', 'up')], []],
    ['a correction', [corrects('a1', 'c1')], []],
  ])('say whether an answer is good: %s', (_, ratings, expected) => {
    expect(kto(...ratings)).toEqual(expected);
  });

  it.each([
    ['who was erased', isErased('bob'), 'erased'],
    ['who took consent back', takesConsentBack('bob'), 'not_consented'],
  ])('do not count from a member %s', (_, gone, reason) => {
    expect(kto(rates('a1', 'up', 'bob'), gone)).toEqual([`a1: ${reason}`]);
    expect(kto(rates('a1', 'up', 'bob'), rates('a1', 'down', 'cleo'), gone)).toEqual(['a1? ↛ a1!']);
  });

  it('do not become an example of another format', () => {
    for (const format of ['sft', 'dpo'] as const)
      expect(replayed([asks('a1'), rates('a1', 'up')], { format })).toEqual([]);
  });

  it('count from a time on, and at that time', () => {
    const happenings = [asks('a1'), rates('a1', 'up'), rates('a1', 'down', 'bob')];
    const from = (day: number) => replayed(happenings, { format: 'kto', since: onDay(day) });
    expect(from(2)).toEqual(['a1: ratings_tied']);
    expect(from(3)).toEqual(['a1? ↛ a1!']);
    expect(from(4)).toEqual(['a1: before_selection']);
  });
});

describe('what is left out is listed with its reason', () => {
  const long = 'ü'.repeat(200);
  const tooLong = { policy: { maxExampleBytes: 100 } };
  const reached: Readonly<Record<LeftOutReason, readonly [readonly Happening[], Choice?]>> = {
    withdrawn: [[corrects('a1', 'c1'), withdraws('a1', 'c1')]],
    rejected: [[corrects('a1', 'c1', { review: 'required' }), rejects('a1', 'c1')]],
    awaiting_review: [[corrects('a1', 'c1', { review: 'required' })]],
    superseded: [[corrects('a1', 'c1'), corrects('a1', 'c2')]],
    before_selection: [[corrects('a1', 'c1')], { since: onDay(9) }],
    not_consented: [[corrects('a1', 'c1', asMessage)], { policy: spoken }],
    origin_not_permitted: [[corrects('a1', 'c1', { origin: 'voice' })]],
    erased: [[corrects('a1', 'c1', { by: 'bob' }), isErased('bob')]],
    duplicate: [
      [corrects('a1', 'c1'), asks('a2', { question: 'a1?' }), corrects('a2', 'c2', { text: 'c1!' })],
    ],
    too_long: [[corrects('a1', 'c1', { text: long })], tooLong],
    same_as_answer: [[corrects('a1', 'c1', { text: 'a1!' })], { format: 'dpo' }],
    ratings_tied: [[rates('a1', 'up'), rates('a1', 'down', 'bob')], { format: 'kto' }],
  };

  it.each(Object.entries(languages.en.leftOut.reasons))('%s: %s', (reason) => {
    const [happenings, choice] = new Map(Object.entries(reached)).get(reason) ?? [[]];
    const leftOut = replayed([asks('a1'), ...happenings], choice).filter((entry) => !/[→↛]/.test(entry));
    expect(leftOut).toEqual([expect.stringMatching(new RegExp(`: ${reason}$`))]);
  });

  it('because it has more bytes than the policy takes, its line feed counted', () => {
    const happenings = [asks('a1'), corrects('a1', 'c1', { text: long })];
    const [entry] = replayOf(told(...happenings)).entries();
    const bytes = entry?.kind === 'example' ? Buffer.byteLength(entry.text) : 0;
    expect(bytes).toBeGreaterThan(400);
    const under = (maxExampleBytes: number) => replayed(happenings, { policy: { maxExampleBytes } });
    expect(under(bytes)).toEqual([`a1? → ${long}`]);
    expect(under(bytes - 1)).toEqual(['a1 c1: too_long']);
  });
});

describe('what a member wrote', () => {
  const question = (origin: Origin) => [asks('a1', { by: 'bob', origin }), corrects('a1', 'c1')];
  const correction = (origin: Origin) => [asks('a1'), corrects('a1', 'c1', { by: 'bob', origin })];
  const trained = ['a1? → c1!'];

  describe.each([
    { what: 'a question', wrote: question },
    { what: 'a correction', wrote: correction },
  ])('as $what', ({ wrote }) => {
    it.each<[string, Origin, Choice['policy'], Happening[], string[]]>([
      ['on purpose', 'console', {}, [], trained],
      [
        'on purpose, without consent from then on',
        'console',
        {},
        [takesConsentBack('bob')],
        ['a1 c1: not_consented'],
      ],
      ['on purpose, with consent again', 'console', {}, [takesConsentBack('bob'), consents('bob')], trained],
      [
        'as a message that no policy permits',
        'message',
        {},
        [consents('bob')],
        ['a1 c1: origin_not_permitted'],
      ],
      ['as a message, without consent', 'message', spoken, [], ['a1 c1: not_consented']],
      ['as a message, with consent', 'message', spoken, [consents('bob')], trained],
      [
        'as a message, with the consent of another',
        'message',
        spoken,
        [consents('ada')],
        ['a1 c1: not_consented'],
      ],
      [
        'as a message, consent withdrawn',
        'message',
        spoken,
        [consents('bob'), takesConsentBack('bob')],
        ['a1 c1: not_consented'],
      ],
      ['before being erased', 'console', {}, [consents('bob'), isErased('bob')], ['a1 c1: erased']],
      [
        'before being erased and coming back',
        'console',
        {},
        [isErased('bob'), consents('bob')],
        ['a1 c1: erased'],
      ],
    ])('is trained on or not: %s', (_, origin, policy = {}, since, expected) => {
      expect(replayed([...wrote(origin), ...since], { policy })).toEqual(expected);
    });

    it('is trained on again where it was written after coming back', () => {
      expect(replayed([isErased('bob'), ...wrote('console')])).toEqual(['a1 c1: erased']);
      expect(replayed([isErased('bob'), consents('bob'), ...wrote('console')])).toEqual(trained);
    });
  });

  it('is trained on by default wherever it was given on purpose', () => {
    const permitted = Origin.options.filter((origin) => replayed(question(origin)).join() === trained.join());
    expect(permitted).toEqual(['interaction', 'upload', 'console', 'file']);
  });
});

describe('the consent of a member', () => {
  const bobs = { by: 'bob', ...asMessage };
  const wrote = [asks('a1', bobs), corrects('a1', 'c1', bobs)];
  const built = (...happenings: Happening[]) => replayed(happenings, { policy: spoken });

  it('covers what was written before it and after it', () => {
    const later = [asks('a2', bobs), corrects('a2', 'c2', bobs)];
    expect(built(...wrote, consents('bob'), ...later)).toEqual(['a1? → c1!', 'a2? → c2!']);
  });

  it('is taken back for what was written before and after, and can be given again', () => {
    const later = [takesConsentBack('bob'), asks('a2', bobs), corrects('a2', 'c2', bobs)];
    const withdrawn = [consents('bob'), ...wrote, ...later];
    expect(built(...withdrawn)).toEqual(['a1 c1: not_consented', 'a2 c2: not_consented']);
    expect(built(...withdrawn, consents('bob'))).toEqual(['a1? → c1!', 'a2? → c2!']);
  });

  it('counts as it was at the last event that a dataset takes in', () => {
    const happenings = [...wrote, consents('bob'), takesConsentBack('bob')];
    const through = (events: number) => built(...happenings.slice(0, events));
    expect([2, 3, 4].map(through)).toEqual([
      ['a1 c1: not_consented'],
      ['a1? → c1!'],
      ['a1 c1: not_consented'],
    ]);
  });
});

describe('a question that was handed in with the better answer', () => {
  const asked = { by: 'bob', ...asMessage };
  const onPurpose = { question: 'a1?', origin: 'interaction' } as const;
  const other = { ...onPurpose, question: 'When?' };

  it.each<[string, Happening[], string[]]>([
    ['however the first one came', [asks('a1', asked), corrects('a1', 'c1', onPurpose)], ['a1? → c1!']],
    ['in other words', [asks('a1', asked), corrects('a1', 'c1', other)], ['When? → c1!']],
    [
      'without the turns before it',
      [asks('a0'), asks('a1', { after: turn('a0') }), corrects('a1', 'c1', onPurpose)],
      ['a1? → c1!'],
    ],
    [
      'but not as a message, which no policy permits',
      [asks('a1'), corrects('a1', 'c1', { ...onPurpose, ...asMessage })],
      ['a1 c1: origin_not_permitted'],
    ],
    [
      'but not where whoever handed it in took consent back',
      [asks('a1', asked), corrects('a1', 'c1', onPurpose), takesConsentBack('ada')],
      ['a1 c1: not_consented'],
    ],
    [
      'but not where it repeats the words of somebody who took consent back',
      [
        asks('a1', asked),
        corrects('a1', 'c1', { ...onPurpose, question: ' a1?\n' }),
        takesConsentBack('bob'),
      ],
      ['a1 c1: not_consented'],
    ],
    [
      'but not where it repeats the words of somebody who was erased',
      [asks('a1', asked), corrects('a1', 'c1', onPurpose), isErased('bob'), consents('bob')],
      ['a1 c1: erased'],
    ],
    [
      'and in other words also then',
      [asks('a1', asked), corrects('a1', 'c1', other), takesConsentBack('bob')],
      ['When? → c1!'],
    ],
  ])('makes a whole example of its own: %s', (_, happenings, expected) => {
    expect(replayed(happenings)).toEqual(expected);
  });

  it('is preferred to the first answer only where that answered it, or what it answered may be trained on', () => {
    const preferred = (...happenings: Happening[]) => replayed(happenings, { format: 'dpo' });
    expect(preferred(asks('a1', asked), corrects('a1', 'c1', onPurpose))).toEqual(['a1? → c1! ↛ a1!']);
    expect(preferred(asks('a1'), corrects('a1', 'c1', other))).toEqual(['When? → c1! ↛ a1!']);
    expect(preferred(asks('a1', asked), corrects('a1', 'c1', other))).toEqual([
      'a1 c1: origin_not_permitted',
    ]);
  });

  it('has for its provenance what it was made of, and no more', () => {
    const of = (question: string, format: DatasetFormat = 'sft') =>
      provenances([asks('a1', asked), corrects('a1', 'c1', { ...onPurpose, question })], { format })[0];
    expect(of('When?')).toMatchObject({ members: ['ada'], origins: ['interaction'], events: ['e2'] });
    expect(of('a1?')).toMatchObject({
      answer: 'a1',
      correction: 'c1',
      members: ['bob', 'ada'],
      origins: ['interaction'],
      events: ['e1', 'e2'],
    });
    const preferred = provenances([asks('a1', { by: 'bob' }), corrects('a1', 'c1', other)], {
      format: 'dpo',
    });
    expect(preferred[0]).toMatchObject({ members: ['bob', 'ada'], events: ['e1', 'e2'] });
  });
});

describe('a correction that was edited when it was approved', () => {
  const waiting = corrects('a1', 'c1', { by: 'bob', review: 'required' });
  const byCy = { by: 'cy', text: 'better!' };

  it('counts as it was edited', () => {
    const edited = (edit: Parameters<typeof approves>[2]) =>
      replayed([asks('a1'), waiting, approves('a1', 'c1', edit)]);
    expect(edited({ text: 'better!' })).toEqual(['a1? → better!']);
    expect(edited({ question: 'When?' })).toEqual(['When? → c1!']);
    expect(edited({ text: 'better!', question: 'When?' })).toEqual(['When? → better!']);
    expect(edited({})).toEqual(['a1? → c1!']);
  });

  it('names both people, and only whoever gave it where nothing was edited', () => {
    const happenings = [asks('a1'), waiting];
    expect(provenances([...happenings, approves('a1', 'c1', byCy)])).toMatchObject([
      { members: ['ada', 'bob', 'cy'], events: ['e1', 'e2', 'e3'] },
    ]);
    expect(provenances([...happenings, approves('a1', 'c1', { by: 'cy' })])).toMatchObject([
      { members: ['ada', 'bob'], events: ['e1', 'e2'] },
    ]);
  });

  it.each<[string, Happening[], string]>([
    [
      'whoever edited it took consent back',
      [approves('a1', 'c1', byCy), takesConsentBack('cy')],
      'not_consented',
    ],
    [
      'whoever gave it took consent back',
      [approves('a1', 'c1', byCy), takesConsentBack('bob')],
      'not_consented',
    ],
    ['it was edited in a message', [approves('a1', 'c1', { ...byCy, ...asMessage })], 'origin_not_permitted'],
    ['it was withdrawn after all', [approves('a1', 'c1', byCy), withdraws('a1', 'c1')], 'withdrawn'],
  ])('is left out where %s', (_, then, reason) => {
    expect(replayed([asks('a1'), waiting, ...then])).toEqual([`a1 c1: ${reason}`]);
  });

  it('is repeated in later turns with the words of both', () => {
    const happenings = [
      asks('a1'),
      waiting,
      approves('a1', 'c1', byCy),
      asks('a9', { after: turn('a1', 'better!', 'c1') }),
      corrects('a9', 'c9'),
    ];
    expect(replayed(happenings)[1]).toBe('a1? better! a9? → c9!');
    expect(provenances(happenings)[1]?.members).toEqual(['ada', 'bob', 'cy']);
    expect(replayed([...happenings, takesConsentBack('cy')])[1]).toBe('a9? → c9!');
  });
});

describe('the turns before a question', () => {
  const bobs = { by: 'bob', ...asMessage };
  const correctedTurn = turn('a1', 'c1!', 'c1');
  const after = (turns: ReturnType<typeof turn>, ...between: Happening[]) =>
    replayed([asks('a1', bobs), ...between, asks('a9', { after: turns }), corrects('a9', 'c9')], {
      policy: { ...spoken, permittedOrigins: ['console', 'message', 'voice'] },
    });
  const kept = 'a1? a1! a9? → c9!';
  const corrected = 'a1? c1! a9? → c9!';
  const dropped = 'a9? → c9!';

  it.each<[string, ReturnType<typeof turn>, Happening[], string]>([
    ['kept as they were sent', turn('a1'), [consents('bob')], kept],
    ['kept as they were corrected', correctedTurn, [consents('bob'), corrects('a1', 'c1')], corrected],
    [
      'kept where the correction was followed by another',
      correctedTurn,
      [consents('bob'), corrects('a1', 'c1'), corrects('a1', 'c2')],
      corrected,
    ],
    ['kept where the operator or a test gave them', [message('system', 'a1? a1!')], [], kept],
    ['dropped where a question may not be trained on', turn('a1'), [], dropped],
    [
      'dropped where a correction was withdrawn',
      correctedTurn,
      [consents('bob'), corrects('a1', 'c1'), withdraws('a1', 'c1')],
      dropped,
    ],
    [
      'dropped where the author of a correction may not be trained on',
      correctedTurn,
      [consents('bob'), corrects('a1', 'c1', { by: 'cy' }), takesConsentBack('cy')],
      dropped,
    ],
    ['dropped where nobody knows whose they are', turn('a8'), [consents('bob')], dropped],
    ['dropped where nobody knows who corrected them', correctedTurn, [consents('bob')], dropped],
    [
      'dropped altogether where one of them may not be trained on',
      [...turn('a1'), message('system', 's')],
      [consents('bob'), isErased('bob')],
      dropped,
    ],
  ])('are %s', (_, turns, between, expected) => {
    expect(after(turns, ...between).at(-1)).toBe(expected);
  });

  it('are dropped from what is rated, too', () => {
    const happenings = [asks('a1', bobs), asks('a9', { after: turn('a1') }), rates('a9', 'up')];
    const rated = (...more: Happening[]) =>
      replayed([...happenings, ...more], { format: 'kto', policy: spoken });
    expect(rated()).toEqual(['a9? → a9!']);
    expect(rated(consents('bob'))).toEqual(['a1? a1! a9? → a9!']);
  });
});

describe('the provenance of an example', () => {
  const happenings = [
    asks('a1', { by: 'bob', origin: 'interaction' }),
    corrects('a1', 'c1', { by: 'cy', origin: 'upload' }),
    asks('a2', { by: 'dan', after: turn('a1', 'c1!', 'c1') }),
    corrects('a2', 'c2', { by: 'eve', origin: 'file' }),
    corrects('a2', 'c3'),
    withdraws('a2', 'c3'),
  ];

  it('names whose words are in it, how they came and the events that it was made of', () => {
    expect(provenances(happenings)[1]).toEqual({
      answer: 'a2',
      correction: 'c2',
      conversation: 'talk',
      members: ['dan', 'bob', 'cy', 'eve'],
      origins: ['console', 'interaction', 'upload', 'file'],
      events: ['e3', 'e1', 'e2', 'e4'],
      split: 'train',
    });
  });

  it('does not name those whose words were dropped from it', () => {
    const after = [...turn('a1', 'c1!', 'c1'), ...turn('a2')];
    const more = [asks('a3', { after }), corrects('a3', 'c4'), takesConsentBack('cy')];
    const [, provenance] = provenances([...happenings, ...more]);
    expect(provenance).toMatchObject({ answer: 'a3', members: ['ada'], events: ['e7', 'e8'] });
  });

  it('names who rated an answer, and nobody whose rating does not count', () => {
    const rated = [
      asks('a1'),
      rates('a1', 'up', 'bob'),
      rates('a1', 'up', 'cy'),
      rates('a1', 'down', 'bob'),
      rates('a1', 'down', 'dan'),
    ];
    const choice = { format: 'kto', since: onDay(3) } as const;
    expect(provenances(rated, choice)).toMatchObject([
      {
        answer: 'a1',
        correction: null,
        members: ['ada', 'bob', 'cy', 'dan'],
        events: ['e1', 'e4', 'e3', 'e5'],
      },
    ]);
    expect(provenances(rated, { ...choice, since: onDay(5) })).toMatchObject([{ members: ['ada', 'dan'] }]);
  });

  it('puts a tenth of the conversations on the other side, each of them whole and always the same', () => {
    const sideOf = (conversation: string, format: DatasetFormat = 'sft') =>
      provenances(
        ['a1', 'a2'].flatMap((answer) => [
          asks(answer, { conversation }),
          corrects(answer, `${answer}c`),
          rates(answer, 'up'),
        ]),
        { format },
      ).map(({ split }) => split);
    expect(sideOf('conversation-1')).toEqual(['validation', 'validation']);
    expect(sideOf('conversation-1', 'kto')).toEqual(['validation', 'validation']);
    expect(sideOf('conversation-2')).toEqual(['train', 'train']);

    const conversations = Array.from({ length: 1_000 }, (_, index) => `${index}`);
    const validated = conversations.filter((conversation) => sideOf(conversation)[0] === 'validation');
    expect(validated.length).toBeGreaterThan(70);
    expect(validated.length).toBeLessThan(130);
  });
});

describe('the manifest beside a dataset', () => {
  const happenings = [asks('a1'), corrects('a1', 'c1'), corrects('a1', 'c2')];

  it('says first how the dataset was built', () => {
    expect(manifestHeader(selection({ format: 'dpo', since: onDay(1) }), 'e3')).toBe(
      '{"format":"dpo","kind":"dataset","policy":{"consentRequired":["message","voice"],"maxExampleBytes":262144,"permittedOrigins":["interaction","upload","console","file"]},"since":"2026-01-01T00:00:00.000Z","through":"e3"}\n',
    );
    expect(replayOf(told(...happenings)).through).toBe('e3');
    expect(replayOf([]).through).toBeNull();
  });

  it('says of every line where it comes from, and of all else why it is not in', () => {
    const entries = [...replayOf(told(...happenings)).entries()];
    expect(entries.map(manifestLine)).toEqual([
      '{"answer":"a1","correction":"c1","kind":"left_out","reason":"superseded"}\n',
      '{"answer":"a1","conversation":"talk","correction":"c2","events":["e1","e3"],"kind":"example","line":1,"members":["ada"],"origins":["console"],"split":"train"}\n',
    ]);
  });
});
