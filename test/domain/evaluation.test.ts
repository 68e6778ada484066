import { describe, expect, it } from 'vitest';
import { evaluationDecider, matches, scoreOf } from '../../src/domain/evaluation.ts';
import { given } from './given.ts';
import { samples } from './samples.ts';

describe('an evaluation', () => {
  it('is recorded once', () => {
    const run = { type: 'EvaluationRun', data: samples.EvaluationRun } as const;
    given(evaluationDecider).when(run.data).thenRecords(run);
    given(evaluationDecider, run).when(run.data).thenRecords();
  });

  it.each([
    ['Paris', 'Paris', true],
    ['Paris', ' Paris\n', true],
    ['Zu\u0308rich', 'Z\u00fcrich', true],
    ['شكرا', 'شكرا', true],
    ['Paris', 'paris', false],
    ['Paris', 'Paris.', false],
    ['a b', 'a  b', false],
  ])('finds that where %j is expected, %j is right: %s', (expected, response, right) => {
    expect(matches(expected, response)).toBe(right);
    expect(matches(response, expected)).toBe(right);
  });

  it.each([
    [[], null],
    [[null, null], null],
    [[true, null, false, true, true], 0.75],
    [[false], 0],
    [[true], 1],
  ])('scores %j as %s', (matched, score) => {
    expect(scoreOf(matched)).toBe(score);
  });
});
