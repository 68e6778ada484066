import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/adapters/models/embedded/analysis.ts';
import { similarity, type Vocabulary } from '../../../../src/adapters/models/embedded/similarity.ts';

const few: Vocabulary = { prompts: 1, frequency: () => 1 };
const alike = (one: string, other: string, vocabulary = few) =>
  similarity(analyse(one), analyse(other), vocabulary);

describe('the similarity of two questions', () => {
  it('is 1 where the words are the same, in any order', () => {
    expect(alike('Where are the keys kept?', 'the keys are kept where')).toBeCloseTo(1);
  });

  it('is 0 where there is nothing in common, and where nothing is said', () => {
    expect(alike('rehearsal evening', 'battery acid')).toBe(0);
    expect(alike('🙂', '🙂')).toBe(0);
  });

  it('lies between 0 and 1 and is the same from either side', () => {
    const word = fc.constantFrom(
      ...'how where reset change password account Paris Rome 7 12 not the of enable disable library собака пес'.split(
        ' ',
      ),
    );
    const question = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(question, question, (one, other) => {
        const forth = alike(one, other);
        expect(forth).toBeGreaterThanOrEqual(0);
        expect(forth).toBeLessThanOrEqual(1 + 1e-9);
        expect(alike(other, one)).toBeCloseTo(forth);
      }),
    );
  });

  it('is small where one rare word is shared by long questions about different things', () => {
    const long = 'My neighbour has a xylophone and practises every evening until midnight, whom can I call?';
    expect(alike(long, 'Which museum exhibits the oldest xylophone in western Europe?')).toBeLessThan(0.3);
  });

  it.each([
    ['a synonym', 'purchase a car', 'buy a car', 'paint a car'],
    ['a word of the same family', 'postal address', 'post address', 'new address'],
    ['the same subject', 'when does the pool open', 'opening time of the pool', 'depth of the pool'],
    ['the same kind of question', 'where is the pool', 'where can I find the pool', 'why a pool'],
  ])('is greater with %s', (_, question, nearer, further) => {
    expect(alike(question, nearer)).toBeGreaterThan(alike(question, further));
  });

  it('allows for a mistyped word, but not where that word is known', () => {
    const none = { prompts: 1, frequency: () => 0 };
    expect(alike('libarry card', 'library card', none)).toBeGreaterThan(0.9);
    expect(alike('horse food', 'house food', few)).toBeLessThan(0.6);
  });

  it.each([
    ['another number', 'explain rule 7', 'explain rule 12', 'explain rule seven'],
    ['another name', 'the mayor of Bonn', 'the mayor of Kiel', 'the mayor in charge'],
    ['the opposite', 'unlock the door', 'lock the door', 'paint the door'],
  ])('is less where one asks for %s', (_, question, contradicting, different) => {
    expect(alike(question, contradicting)).toBeLessThan(alike(question, different));
  });

  it('counts words less that stand in most prompts', () => {
    const many = { prompts: 1_000, frequency: (stem: string) => (stem === 'server' ? 900 : 1) };
    expect(alike('server map', 'server rank', many)).toBeLessThan(alike('server map', 'server rank'));
  });
});
