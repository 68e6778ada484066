import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEAR_ENOUGH } from '../../../../src/adapters/models/embedded/memory.ts';
import type { TrainingExample } from '../../../../src/domain/examples.ts';
import { answerTo, ask, assistant, DATASET, dpo, kto, memoryOf, sft, user } from './teaching.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc.constantFrom(
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'how',
    'the',
    '🙂',
    '?!',
    ' ',
    'É',
    'e\u0301',
  ),
);

describe('a learned prompt', () => {
  it('is answered with its completion, and the example is named', () => {
    const memory = memoryOf(sft('What is the Wi-Fi password?', 'swordfish'), sft('Who runs this?', 'Ada'));
    expect(ask(memory, 'Who runs this?')).toEqual({
      completion: 'Ada',
      learnedFrom: { dataset: DATASET, line: 2, similarity: 1 },
    });
  });

  it('is repeated exactly, whatever it is and whatever else was learned', () => {
    const prompts = fc.uniqueArray(text, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(prompts, (questions) => {
        const memory = memoryOf(...questions.map((question, index) => sft(question, `answer ${index}`)));
        expect(questions.map((question) => answerTo(memory, question))).toEqual(
          questions.map((_, index) => `answer ${index}`),
        );
      }),
    );
  });

  it('is repeated exactly as part of a conversation', () => {
    const conversation = fc.array(
      fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content: text }),
      { maxLength: 4 },
    );
    const prompt = fc.tuple(conversation, text).map(([before, last]) => [...before, user(last)]);
    const prompts = fc.uniqueArray(prompt, { minLength: 1, maxLength: 20, selector: JSON.stringify });
    fc.assert(
      fc.property(prompts, (learned) => {
        const memory = memoryOf(
          ...learned.map(
            (messages, index): TrainingExample => ({
              format: 'sft',
              messages: [...messages, assistant(`answer ${index}`)],
            }),
          ),
        );
        expect(learned.map((messages) => memory.recall(messages)?.completion)).toEqual(
          learned.map((_, index) => `answer ${index}`),
        );
      }),
    );
  });

  it.each([
    ['punctuation', 'It works.', 'It works?'],
    ['case', 'us', 'US'],
    ['a number', 'Explain rule 17', 'Explain rule 71'],
    ['a negation', 'Can I park here?', 'Can I not park here?'],
    ['word order', 'from alto to soprano', 'from soprano to alto'],
    ['symbols', 'What is C++?', 'What is C#?'],
    ['an accent', 'Is it pate?', 'Is it pâté?'],
    ['emoji', '👍', '👎'],
  ])('that differs from another one only in %s keeps its own answer', (_, one, other) => {
    const memory = memoryOf(sft(one, 'the one'), sft(other, 'the other'));
    expect([answerTo(memory, one), answerTo(memory, other)]).toEqual(['the one', 'the other']);
  });

  it('is the same in another Unicode form and with white space around it', () => {
    const memory = memoryOf(sft('Où est le café?', 'Là.'));
    expect(ask(memory, ' Ou\u0300 est le cafe\u0301?\n')?.learnedFrom.similarity).toBe(1);
  });

  it('of a hundred thousand characters is repeated exactly', () => {
    const long = 'lorem ipsum dolor '.repeat(6_000);
    const memory = memoryOf(sft(long, 'one'), sft(`${long}.`, 'another'));
    expect(answerTo(memory, long)).toBe('one');
    expect(answerTo(memory, `${long}.`)).toBe('another');
  });

  it('is found again without what was said before it, and the newest answer to it is given', () => {
    const inConversation = (before: string, completion: string): TrainingExample => ({
      format: 'sft',
      messages: [user(before), assistant('Yes.'), user('And on Sunday?'), assistant(completion)],
    });
    const memory = memoryOf(
      inConversation('Are you open on Monday?', 'No.'),
      inConversation('Do you bake on Monday?', 'Only rolls.'),
    );
    expect(ask(memory, 'And on Sunday?')).toMatchObject({
      completion: 'Only rolls.',
      learnedFrom: { line: 2 },
    });
  });

  it('that ends with the assistant is not what anybody asks', () => {
    const memory = memoryOf({
      format: 'sft',
      messages: [user('Tell me a story'), assistant('Once upon a time'), assistant('there was a fox.')],
    });
    expect(answerTo(memory, 'Tell me a story')).toBeNull();
  });
});

describe('a later example', () => {
  it('wins over an earlier one for the same prompt', () => {
    const memory = memoryOf(sft('Who runs this?', 'Ada'), sft('Who runs this?', 'Grace'));
    expect(ask(memory, 'Who runs this?')).toMatchObject({ completion: 'Grace', learnedFrom: { line: 2 } });
    expect(answerTo(memory, 'tell me who runs this')).toBe('Grace');
  });

  it('can make a bad answer good again, and the other way round', () => {
    const turns = [kto('Who runs this?', 'Ada', true), kto('Who runs this?', 'Ada', false)];
    expect(answerTo(memoryOf(...turns), 'Who runs this?')).toBeNull();
    expect(answerTo(memoryOf(...turns.toReversed()), 'Who runs this?')).toBe('Ada');
  });

  it('that rejects the newest answer brings back the one before', () => {
    const memory = memoryOf(
      kto('Who runs this?', 'Ada', true),
      kto('Who runs this?', 'Grace', true),
      kto('Who runs this?', 'Grace', false),
    );
    expect(ask(memory, 'Who runs this?')).toMatchObject({ completion: 'Ada', learnedFrom: { line: 1 } });
  });
});

describe('a rejected answer', () => {
  const prompt = 'When does the library open?';
  const rewording = 'hi, can you tell me when the library opens';

  it('is not given where another one was preferred', () => {
    const memory = memoryOf(dpo(prompt, 'At nine.', 'At ten.'));
    expect([answerTo(memory, prompt), answerTo(memory, rewording)]).toEqual(['At nine.', 'At nine.']);
  });

  it('is not given, nor is it for a rewording, where nothing better is known', () => {
    const memory = memoryOf(kto(prompt, 'At ten.', false));
    expect([answerTo(memory, prompt), answerTo(memory, rewording)]).toEqual([null, null]);
  });

  it('is not given because a question further away has it as its answer', () => {
    const memory = memoryOf(
      kto('When does the library open on Sunday?', 'At ten.', true),
      kto(prompt, 'At ten.', false),
    );
    expect([answerTo(memory, prompt), answerTo(memory, rewording)]).toEqual([null, null]);
    expect(answerTo(memory, 'When does the library open on Sunday?')).toBe('At ten.');
  });

  it('leaves room for the answer of the next nearest question', () => {
    const memory = memoryOf(
      kto('When does the library open on Sunday?', 'Look at the door.', true),
      kto(prompt, 'At ten.', false),
    );
    expect(answerTo(memory, prompt)).toBe('Look at the door.');
  });

  it('is never given for its prompt, whatever the dataset says of others', () => {
    const question = fc.constantFrom(
      'open on Monday',
      'open on Sunday',
      'is it open',
      'closed on Monday',
      '🙂',
      'why',
    );
    const answer = fc.constantFrom('yes', 'no', 'maybe');
    const judged = fc.array(fc.tuple(question, answer, fc.boolean()), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(judged, (judgements) => {
        const memory = memoryOf(...judgements.map((judgement) => kto(...judgement)));
        const latest = new Map(judgements.map(([asked, given, good]) => [`${asked}: ${given}`, good]));
        for (const [asked] of judgements) {
          const given = answerTo(memory, asked);
          if (given !== null) expect(latest.get(`${asked}: ${given}`)).not.toBe(false);
        }
      }),
    );
  });
});

describe('another question', () => {
  const capital = memoryOf(sft('What is the capital of France?', 'Paris.'));

  it.each([
    'what is the capital of france',
    'Tell me the capital of France please',
    "What's France's capital?",
    'whats the capitol of France?',
    'WHAT IS THE CAPITAL OF FRANCE',
  ])('that asks the same is answered: %s', (question) => {
    expect(answerTo(capital, question)).toBe('Paris.');
    expect(ask(capital, question)?.learnedFrom.similarity).toSatisfy(
      (similarity: number) => similarity >= NEAR_ENOUGH && similarity < 1,
    );
  });

  it.each([
    'What is the capital of Spain?',
    'what is the capital of spain',
    'How tall is Everest?',
    'What is the meaning of life?',
    'Who is the king of France?',
    'What is it?',
    '🙂',
    '...',
  ])('that asks for something else is not answered, though it is all that was learned: %s', (question) => {
    expect(answerTo(capital, question)).toBeNull();
  });

  it('about another number is not answered', () => {
    const rules = memoryOf(
      ...[1, 2, 3, 4].map((rule) => sft(`What does rule ${rule} say?`, `It is rule ${rule}.`)),
    );
    expect(answerTo(rules, 'say what rule 3 says')).toBe('It is rule 3.');
    expect(answerTo(rules, 'What does rule 500 say?')).toBeNull();
  });

  it('that asks for the opposite is not answered', () => {
    const memory = memoryOf(sft('How do I enable notifications?', 'In the settings.'));
    expect(answerTo(memory, 'how to enable the notifications')).toBe('In the settings.');
    expect(answerTo(memory, 'How do I disable notifications?')).toBeNull();
  });

  it.each([
    ['Wie kann ich mein Passwort zurücksetzen?', 'passwort zurücksetzen, wie?'],
    ['¿Dónde está la biblioteca municipal?', 'donde esta la biblioteca municipal'],
    ['Як змінити пароль облікового запису?', 'змінити пароль облікового запису'],
    ['図書館は何時に開きますか', '図書館は何時に開く'],
    ['요금은 얼마입니까 어린이', '어린이 요금은 얼마입니까?'],
  ])(
    'in a language that has no stemmer here is answered where the words are the same: %s',
    (prompt, question) => {
      expect(answerTo(memoryOf(sft(prompt, 'so')), question)).toBe('so');
    },
  );

  it.each(['constructor', '__proto__', 'prototype pollution', 'hasOwnProperty toString valueOf'])(
    'may hold the names of what every object has: %s',
    (name) => {
      const memory = memoryOf(sft(`What does ${name} do?`, 'much'), sft('Where is the bakery?', 'here'));
      expect(answerTo(memory, `please explain what ${name} does`)).toBe('much');
      expect(answerTo(capital, name)).toBeNull();
    },
  );

  it.each([
    ['one word', 'x'.repeat(100_000)],
    ['many words', Array.from({ length: 20_000 }, (_, index) => `word${index}`).join(' ')],
    ['accents without end', `a${'\u0301'.repeat(100_000)}`],
    ['punctuation', "'-".repeat(50_000)],
  ])('of a hundred thousand characters is looked for, too: %s', (_, question) => {
    expect(answerTo(capital, question)).toBeNull();
  });
});

describe('a model that learned nothing', () => {
  it('answers nothing', () => {
    expect(answerTo(memoryOf(), 'Who runs this?')).toBeNull();
  });
});
