import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsIn } from './ledger-file.ts';
import { id, TalkHere, talkHere, temporaryDirectory } from './talk.ts';

describe('a test of the model', () => {
  it('sets predictions beside what was expected, scores them, and offers each difference as a correction', async () => {
    const console = new TalkHere(temporaryDirectory());
    await console.all([
      '!train data=[{"prompt":"When?","completion":"At nine."},{"prompt":"Where?","completion":"Here."}]',
      '!wait',
      '!promote',
    ]);
    const cases = [
      { prompt: 'When?', expected: 'At nine.' },
      { messages: [{ role: 'user', content: 'Where?' }], expected: 'There.' },
      { prompt: 'Why on earth?', expected: 'Because.' },
      { prompt: 'When?' },
    ];
    const { data, text } = await console.ask(`!test ${JSON.stringify(cases)}`);
    expect(data.score).toBeCloseTo(1 / 3);
    expect(data.results).toMatchObject([
      { prompt: 'When?', response: 'At nine.', expected: 'At nine.', matched: true },
      { prompt: 'Where?', response: 'Here.', expected: 'There.', matched: false },
      { prompt: 'Why on earth?', expected: 'Because.', matched: false },
      { prompt: 'When?', response: 'At nine.', expected: null, matched: null },
    ]);
    expect(text).toContain('1 of 3 as expected');
    expect(text).toContain('got: Here.\n   expected: There.');
    const offered = [...text.matchAll(/to teach it: (!correct .*)$/gm)].map(([, line = '']) => line);
    expect(offered).toHaveLength(2);
    for (const line of offered)
      expect(await console.ask(line)).toMatchObject({ command: 'correct', ok: true });
    await console.all(['!retrain', '!wait', '!promote']);
    const again = await console.ask(`!test ${JSON.stringify(cases)}`);
    // Only what was corrected was replayed, so the first question is not known any more.
    expect(again.data.results).toMatchObject([{ matched: false }, { matched: true }, { matched: true }, {}]);
    expect((await console.ask(`!history ${id(again, 'evaluation')}`)).text).toContain('score 0.67');
    await console.end();
  });

  it('takes one question that is not in an array', async () => {
    const {
      replies: [reply],
    } = await talkHere(temporaryDirectory(), ['!test {"prompt":"When?"}']);
    expect(reply).toMatchObject({
      ok: true,
      data: { score: null, results: [{ expected: null, matched: null }] },
    });
  });

  it('offers corrections that record to the letter what was expected', async () => {
    const directory = temporaryDirectory();
    const console = new TalkHere(directory);
    const texts = [
      ...[
        '"quoted"',
        "'quoted'",
        '"half',
        'a "b" c',
        'text=x',
        'answer=last',
        '\\',
        '"\\"',
        "it's",
        '{"a": 1}',
        '!promote',
      ],
      ...fc.sample(
        fc.string({ unit: fc.constantFrom('"', "'", '\\', ' ', 'a', '='), minLength: 1, maxLength: 6 }),
        60,
      ),
    ];
    const expected = [...new Set(texts.map((text) => text.trim()))].filter((text) => text !== '');
    const { text } = await console.ask(
      `!test ${JSON.stringify(expected.map((one) => ({ prompt: 'What?', expected: one })))}`,
    );
    const offered = [...text.matchAll(/to teach it: (!correct .*)$/gm)].map(([, line = '']) => line);
    expect(offered).toHaveLength(expected.length);
    await console.all(offered);
    await console.end();
    const given = eventsIn(directory).flatMap((event) =>
      event.type === 'CorrectionGiven' ? event.data.text : [],
    );
    expect(given).toEqual(expected);
  });
});
