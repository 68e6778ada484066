import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Recorded } from '../../src/domain/events.ts';
import { DatasetFormat } from '../../src/domain/examples.ts';
import type { Origin } from '../../src/domain/policy.ts';
import type { Provenance } from '../../src/domain/replay.ts';
import { story } from './random-story.ts';
import { type Choice, filesOf, replayOf } from './replayed.ts';
import { type Happening, onDay, told } from './story.ts';

const permittedOrigins: Origin[] = ['console', 'message', 'upload'];

const choice = fc.record({
  format: fc.constantFrom(...DatasetFormat.options),
  since: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.nat(40).map(onDay)),
  policy: fc.record({
    permittedOrigins: fc.oneof(
      { weight: 4, arbitrary: fc.constant(permittedOrigins) },
      fc.subarray(permittedOrigins),
    ),
    consentRequired: fc.subarray<Origin>(['message', 'upload']),
    maxExampleBytes: fc.constantFrom(300, 10_000, 10_000, 10_000),
  }),
});
type AnyChoice = typeof choice extends fc.Arbitrary<infer T> ? T : never;

function build(events: readonly Recorded[], chosen: Choice) {
  return filesOf(replayOf(events, chosen), chosen);
}

function examplesOf(happenings: readonly Happening[], chosen: Choice) {
  const entries = [...replayOf(told(...happenings), chosen).entries()];
  return entries.filter((entry) => entry.kind === 'example');
}

function backwards<T>(value: T): T;
function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => backwards(item));
  if (typeof value !== 'object' || value === null) return value;
  const properties = Object.entries(value).map(([key, property]) => [key, backwards(property)] as const);
  return Object.fromEntries(properties.reverse());
}

/** Whether what was written with an event may be trained on, as plainly as it can be said. */
function mayBeTrainedOn(happenings: readonly Happening[], index: number, { policy }: AnyChoice): boolean {
  const written = happenings[index];
  if (written === undefined) return false;
  const said = happenings.filter(
    ({ type, data }) =>
      /^(Consent|MemberErased)/.test(type) && 'member' in data && data.member === written.by,
  );
  const last = said.at(-1)?.type;
  const consented = last === 'ConsentGiven';
  const silent = last === undefined && !policy.consentRequired.includes(written.origin);
  const later = happenings.slice(index + 1);
  const erased = later.some((event) => said.includes(event) && event.type === 'MemberErased');
  return (
    policy.permittedOrigins.includes(written.origin) &&
    (consented || silent) &&
    !erased &&
    stands(written, later)
  );
}

function stands(written: Happening, later: readonly Happening[]): boolean {
  if (written.type !== 'CorrectionGiven') return true;
  const { correction, review } = written.data;
  const became = later.findLast(({ data }) => 'correction' in data && data.correction === correction)?.type;
  return became === 'CorrectionApproved' || (became === undefined && review === 'not_required');
}

/** The question whose words were handed in again with the better answer: how they came first is no matter then. */
function repeatedOnPurpose(
  happenings: readonly Happening[],
  { answer, correction }: Provenance,
): number | undefined {
  const isOf = ({ data }: Happening) => 'correction' in data && data.correction === correction;
  const question = happenings
    .filter(isOf)
    .map(({ data }) => ('question' in data ? data.question : null))
    .findLast((asked) => asked !== null);
  return question === undefined
    ? undefined
    : happenings.findIndex(({ type, data }) => type === 'PredictionMade' && data.answer === answer);
}

function isTakenBack(happenings: readonly Happening[], index: number): boolean {
  const by = happenings[index]?.by;
  const ofAuthor = (type: Happening['type'], after = 0) =>
    happenings.findLastIndex(
      (event, at) => at >= after && event.type === type && 'member' in event.data && event.data.member === by,
    );
  const [withdrawn, consented, erased] = [
    ofAuthor('ConsentWithdrawn'),
    ofAuthor('ConsentGiven'),
    ofAuthor('MemberErased'),
  ];
  return erased > Math.min(index, consented) || withdrawn > consented;
}

describe('whatever happened', () => {
  it('the same events give the same bytes, however the ledger orders their properties', () => {
    fc.assert(
      fc.property(story, choice, (happenings, chosen) => {
        const events = told(...happenings);
        expect(build(events.map(backwards), chosen)).toEqual(build(events, chosen));
      }),
    );
  });

  it('it makes no difference where the fold is interrupted and looked at', () => {
    fc.assert(
      fc.property(story, choice, fc.array(fc.nat(100)), (happenings, chosen, cuts) => {
        const events = told(...happenings);
        const interrupted = replayOf([], chosen);
        for (const [index, event] of events.entries()) {
          if (cuts.includes(index))
            expect(filesOf(interrupted, chosen)).toEqual(build(events.slice(0, index), chosen));
          interrupted.take(event);
        }
        expect(filesOf(interrupted, chosen)).toEqual(build(events, chosen));
      }),
    );
  });

  it('every correction and every rated answer is in it or left out for a reason, once', () => {
    fc.assert(
      fc.property(story, choice, (happenings, chosen) => {
        const entries = [...replayOf(told(...happenings), chosen).entries()];
        const accounted = entries.map((entry) => (entry.kind === 'example' ? entry.provenance : entry));
        const expected = happenings.flatMap(({ type, data }) => {
          if (chosen.format === 'kto') return type === 'FeedbackGiven' ? [data.answer] : [];
          return type === 'CorrectionGiven' ? [data.correction] : [];
        });
        const found = accounted.map(({ answer, correction }) =>
          chosen.format === 'kto' ? answer : correction,
        );
        expect(found.toSorted()).toEqual([...new Set(expected)].toSorted());
      }),
    );
  });

  it('every line is there once, under its number', () => {
    fc.assert(
      fc.property(story, choice, (happenings, chosen) => {
        const examples = examplesOf(happenings, chosen);
        expect(examples.map(({ line }) => line)).toEqual(examples.map((_, index) => index + 1));
        expect(new Set(examples.map(({ text }) => text)).size).toBe(examples.length);
      }),
    );
  });

  it('no words are in it that may not be trained on, and whose words are in it is told', () => {
    fc.assert(
      fc.property(story, choice, (happenings, chosen) => {
        for (const { text, provenance } of examplesOf(happenings, chosen)) {
          const words = [...text.matchAll(/<e(\d+)>/g)].map(([, number]) => Number(number) - 1);
          const repeated = repeatedOnPurpose(happenings, provenance);
          const forbidden = words.filter(
            (index) =>
              !mayBeTrainedOn(happenings, index, chosen) &&
              !(repeated === index && !isTakenBack(happenings, index)),
          );
          expect(forbidden).toEqual([]);
          const authors = words.map((index) => happenings[index]?.by);
          expect(provenance.members).toEqual(expect.arrayContaining(authors));
          expect(provenance.events).toEqual(expect.arrayContaining(words.map((index) => `e${index + 1}`)));
        }
      }),
    );
  });

  it('every line of the dataset and of the manifest is canonical', () => {
    fc.assert(
      fc.property(story, choice, (happenings, chosen) => {
        const { dataset, manifest } = build(told(...happenings), chosen);
        for (const line of (dataset + manifest).split('\n').slice(0, -1)) {
          expect(line).toBe(canonicalize(JSON.parse(line)));
        }
      }),
    );
  });

  it('a conversation stands on one side only', () => {
    fc.assert(
      fc.property(story, choice, (happenings, chosen) => {
        const sides = examplesOf(happenings, chosen).map(
          ({ provenance: { conversation, split } }) => `${conversation} ${split}`,
        );
        const conversations = sides.map((side) => side.split(' ')[0]);
        expect(new Set(sides).size).toBe(new Set(conversations).size);
      }),
    );
  });
});
