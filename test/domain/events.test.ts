import { describe, expect, it } from 'vitest';
import { answerDecider } from '../../src/domain/answer.ts';
import { archiveDecider } from '../../src/domain/archive.ts';
import { datasetDecider } from '../../src/domain/dataset.ts';
import { evaluationDecider } from '../../src/domain/evaluation.ts';
import {
  decodeEvent,
  PromptMessage,
  personal,
  type Recorded,
  type StoredEvent,
  UnreadableEvent,
  upcast,
} from '../../src/domain/events.ts';
import { guildDecider } from '../../src/domain/guild.ts';
import { jobDecider } from '../../src/domain/job.ts';
import { memberDecider } from '../../src/domain/member.ts';
import { modelDecider } from '../../src/domain/model.ts';
import { processDecider } from '../../src/domain/process.ts';
import { spokenReplyDecider } from '../../src/domain/spoken-reply.ts';
import type { StreamKind } from '../../src/domain/streams.ts';
import { utteranceDecider } from '../../src/domain/utterance.ts';
import { id, metadata, samples, stored } from './samples.ts';

const takers: Readonly<Record<StreamKind, (event: Recorded) => boolean>> = {
  answer: answerDecider.takes,
  archive: archiveDecider.takes,
  dataset: datasetDecider.takes,
  evaluation: evaluationDecider.takes,
  guild: guildDecider.takes,
  job: jobDecider.takes,
  member: memberDecider.takes,
  model: modelDecider.takes,
  process: processDecider.takes,
  reply: spokenReplyDecider.takes,
  utterance: utteranceDecider.takes,
};

function shownOf({ id: event, type, revision, stream }: StoredEvent): string {
  return `event ${event} (${type}, revision ${revision} of ${stream})`;
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof UnreadableEvent) return error.message;
    throw error;
  }
  throw new Error('it was read');
}

describe.each(Object.entries(samples))('%s', (type, data) => {
  it('comes back from the ledger as it was written', () => {
    const event = JSON.parse(JSON.stringify(stored(type, data)));
    expect(decodeEvent(event)).toEqual(stored(type, data));
  });

  it('belongs to a kind of stream', () => {
    const event = decodeEvent(stored(type, data));
    const kinds = Object.entries(takers).flatMap(([kind, takes]) => (takes(event) ? kind : []));
    expect(kinds).toEqual(type === 'FeedbackGiven' ? ['answer', 'guild'] : [expect.any(String)]);
  });

  it('is not read with a part missing', () => {
    for (const key of Object.keys(data)) {
      const message = refusal(() => decodeEvent(stored(type, { ...data, [key]: undefined })));
      expect(message).toMatch(
        new RegExp(`^event ${id(100)} \\(${type}, .*\\) does not fit its schema \\(.*${key}`, 's'),
      );
    }
  });

  it('is not read when a newer program wrote it', () => {
    const { metadata: written } = decodeEvent(stored(type, data));
    const version = written.schemaVersion;
    const event = stored(type, data, { metadata: { ...written, schemaVersion: 99 } });
    expect(refusal(() => decodeEvent(event))).toBe(
      `${shownOf(event)} has the schema version 99, and none is known here that is newer than ${version}, so it was written by a later version of this program; upgrade this one`,
    );
  });
});

describe('an event of the ledger', () => {
  it.each(['ModelInvented', '', 'toString', '__proto__'])('of the unknown type %j is not read', (type) => {
    expect(refusal(() => decodeEvent(stored(type, {})))).toBe(
      `${shownOf(stored(type, {}))} is of a type that is unknown here, so it was written by a later version of this program; upgrade this one`,
    );
  });

  it.each([
    ['no time zone', { time: '2026-02-01T12:00:00' }, 'time'],
    ['a time that is not UTC', { time: '2026-02-01T12:00:00+01:00' }, 'time'],
    ['nobody', { actor: '' }, 'actor'],
    ['an unknown origin', { origin: 'telepathy' }, 'origin'],
    ['no schema version', { schemaVersion: 0 }, 'schemaVersion'],
  ])('whose metadata have %s is not read', (_, changes, key) => {
    const event = stored('ConsentGiven', samples.ConsentGiven, { metadata: { ...metadata, ...changes } });
    expect(refusal(() => decodeEvent(event))).toMatch(
      new RegExp(
        `^event ${id(100)} \\(ConsentGiven, .*\\) has unreadable metadata \\(.*${key}.*\\), so this program has not written it; take it out of the ledger or restore a backup, and start again$`,
        's',
      ),
    );
  });

  it.each([null, 'text', [], 7])('whose data is %j is not read', (data) => {
    expect(refusal(() => decodeEvent(stored('ConsentGiven', data)))).toMatch(/does not fit its schema/);
  });

  it('loses what its schema does not know', () => {
    const event = decodeEvent(stored('ConsentGiven', { member: 'ada', mood: 'good' }));
    expect(event.data).toEqual({ member: 'ada' });
  });

  it('keeps text to the letter', () => {
    const text = 'שלום \u202eabc\u202c e\u0301 \u{1f469}\u200d\u{1f467} \u0000 \u2028 \\ "';
    const event = decodeEvent(stored('CorrectionGiven', { ...samples.CorrectionGiven, text }));
    expect(event.data).toEqual({ ...samples.CorrectionGiven, text });
  });
});

describe('an event of an older schema', () => {
  const written = { answer: id(1), correction: id(3) };
  const { heldOut: _, ...evaluated } = samples.EvaluationRun;
  const { evaluation: ___, ...promoted } = samples.ModelPromoted;
  const { gate: __, trainer: ____, ...settings } = samples.SettingsRecorded.settings;
  const given = { ...written, member: 'ada', text: 'At nine.', review: 'not_required' };

  it.each([
    { type: 'CorrectionGiven', before: given, now: { ...given, question: null } },
    { type: 'CorrectionApproved', before: written, now: { ...written, text: null, question: null } },
    { type: 'VoiceJoined', before: { channel: 'hall' }, now: { channel: 'hall', reason: 'asked' } },
    { type: 'VoiceLeft', before: { channel: 'hall' }, now: { channel: 'hall', reason: 'asked' } },
    { type: 'ModelPromoted', before: promoted, now: { ...promoted, evaluation: null } },
    { type: 'EvaluationRun', before: evaluated, now: { ...evaluated, heldOut: null } },
    {
      type: 'SettingsRecorded',
      before: { settings },
      now: { settings: { ...settings, gate: 'off', trainer: null } },
    },
  ])('is read as what it said: $type of version 1', ({ type, before, now }) => {
    expect(decodeEvent(stored(type, before, { metadata })).data).toEqual(now);
    expect(refusal(() => decodeEvent(stored(type, before)))).toMatch(/does not fit its schema/);
    expect(refusal(() => decodeEvent(stored(type, [], { metadata })))).toMatch(/does not fit its schema/);
  });

  const steps = {
    1: (data: unknown) => [data, 'second'],
    2: (data: unknown) => [data, 'third'],
  };

  it.each([
    { from: 1, to: 3, becomes: [['first', 'second'], 'third'] },
    { from: 2, to: 3, becomes: ['first', 'third'] },
    { from: 3, to: 3, becomes: 'first' },
  ])('is brought from version $from to $to a step at a time', ({ from, to, becomes }) => {
    expect(upcast(stored('Any', 'first'), from, to, steps)).toEqual(becomes);
  });

  it('is not read where a step is missing', () => {
    expect(refusal(() => upcast(stored('Any', 'first'), 2, 4, steps))).toContain(
      'has the schema version 3, and no upcaster leads on to 4',
    );
  });
});

it('marks what a person wrote in a prompt as personal', () => {
  expect(personal.get(PromptMessage.shape.content)).toEqual({ author: 'conversation' });
});
