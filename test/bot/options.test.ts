import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  choice,
  count,
  countUpTo,
  describeOptions,
  named,
  oneOf,
  parseOptions,
  positional,
  reference,
  rest,
  usageOf,
  Word,
  YesOrNo,
} from '../../src/bot/options.ts';
import { languages, type Words } from '../../src/domain/languages/languages.ts';
import { Refusal } from '../../src/domain/refusal.ts';

const options = z.object({
  answer: positional(Word),
  model: positional(Word.optional()),
  limit: named(countUpTo(100).default(10), count(100)),
  dry_run: named(YesOrNo),
  text: rest(Word),
});
const usage = usageOf('!', 'try', options);

function parse(raw: Record<string, string>) {
  try {
    return parseOptions(options, raw, () => ({ usage, names: {} }));
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

describe('the options of a command', () => {
  const given = { answer: 'a', dry_run: 'no', text: 't' };

  it('show in its usage what is required and what goes by its name', () => {
    expect(usage).toBe('!try <answer> [model] [limit=…] <dry_run=…> <text>');
  });

  it('are described in their order', () => {
    expect(describeOptions(options).slice(1, 3)).toEqual([
      { name: 'model', placement: 'positional', shape: { kind: 'text' }, required: false },
      { name: 'limit', placement: 'named', shape: { kind: 'count', most: 100 }, required: false },
    ]);
  });

  it('may share a schema and still say what each of them is', () => {
    const shared = z.object({ one: positional(Word), two: rest(Word) });
    expect(describeOptions(shared).map(({ placement }) => placement)).toEqual(['positional', 'rest']);
  });

  it('must each say where they stand', () => {
    expect(() => describeOptions(z.object({ lost: Word }))).toThrow('lost');
  });

  it('are parsed, and what is left out has its default', () => {
    expect(parse(given)).toEqual({ answer: 'a', limit: 10, dry_run: false, text: 't' });
    expect(parse({ ...given, limit: '007', model: 'm' })).toMatchObject({ limit: 7, model: 'm' });
  });

  it.each([
    ['true', true],
    ['YES', true],
    ['1', true],
    ['False', false],
    ['no', false],
    ['0', false],
  ])('are yes or no: %s', (word, meaning) => {
    expect(parse({ ...given, dry_run: word })).toMatchObject({ dry_run: meaning });
  });

  it.each([
    ['yes', 'Да', true],
    ['no', 'нет', false],
  ])('take %s in every language', (_, word, meaning) => {
    expect(parse({ ...given, dry_run: word })).toMatchObject({ dry_run: meaning });
  });

  it('take the latest thing and the choices in the words of every language, and nothing else for them', () => {
    const chosen = z.object({
      job: positional(Word, reference('job')),
      decision: named(oneOf(['approve', 'reject']), choice(['approve', 'reject'])),
      text: rest(Word),
    });
    const inWords = (words: Words) => ({
      usage: 'usage',
      names: { decision: words.commands.review.options.decision },
    });
    const parsed = (raw: Record<string, string>) => parseOptions(chosen, raw, inWords);
    expect(parsed({ job: 'Последнее', decision: 'Одобрить', text: 'последний' })).toEqual({
      job: 'last',
      decision: 'approve',
      text: 'последний',
    });
    expect(parsed({ job: 'last', decision: 'REJECT', text: 'last' })).toEqual({
      job: 'last',
      decision: 'reject',
      text: 'last',
    });
    try {
      parsed({ job: 'last', decision: 'наверное', text: 'x' });
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      expect(error.inWords(languages.ru)).toBe(
        'Параметр решение указан неверно: допустимо только одобрить или отклонить (как писать: usage).',
      );
      expect(error.message).toBe(
        'The option decision is wrong: it must be approve or reject (usage: usage).',
      );
    }
  });

  it.each<[string, Record<string, string>, string]>([
    ['missing', { dry_run: 'no', text: 't' }, 'The option answer is missing.'],
    ['empty', { ...given, answer: '' }, 'The option answer is wrong: it is empty.'],
    [
      'neither yes nor no',
      { ...given, dry_run: 'maybe' },
      'The option dry_run is wrong: it must be true or false.',
    ],
    ...['0', '101', '-1', '1.5', '1e1', '٣', ' 5', '', '9999999'].map(
      (limit): [string, Record<string, string>, string] => [
        `no count: ${JSON.stringify(limit)}`,
        { ...given, limit },
        'The option limit is wrong: it must be a whole number from 1 to 100.',
      ],
    ),
  ])('are refused where one is %s', (_, raw, sentence) => {
    expect(parse(raw)).toBe(`${sentence.slice(0, -1)} (usage: ${usage}).`);
  });
});
