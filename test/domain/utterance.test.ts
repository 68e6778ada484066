import { expect, it } from 'vitest';
import { spokenReplyDecider } from '../../src/domain/spoken-reply.ts';
import { utteranceDecider } from '../../src/domain/utterance.ts';
import { given } from './given.ts';
import { samples } from './samples.ts';

const transcribed = samples.VoiceMessageTranscribed;
const written = { type: 'VoiceMessageTranscribed', data: transcribed } as const;

it('what somebody said is written down once', () => {
  const command = { kind: 'record transcript', transcribed } as const;
  given(utteranceDecider).when(command).thenRecords(written);
  given(utteranceDecider, written).when(command).thenRecords();
});

const said = (outcome: 'queued' | 'spoken' | 'skipped' | 'dropped') => {
  const reason = outcome === 'dropped' ? ('silenced' as const) : null;
  const durationMs = outcome === 'spoken' || outcome === 'skipped' ? 900 : null;
  return { ...samples.ReplySpoken, outcome, reason, durationMs };
};
const event = (outcome: Parameters<typeof said>[0]) =>
  ({ type: 'ReplySpoken', data: said(outcome) }) as const;

it.each(['spoken', 'skipped', 'dropped'] as const)('a reply is queued and ends once: %s', (outcome) => {
  const end = { kind: 'record', spoken: said(outcome) } as const;
  const queue = { kind: 'record', spoken: said('queued') } as const;
  given(spokenReplyDecider).when(queue).thenRecords(event('queued'));
  given(spokenReplyDecider, event('queued')).when(queue).thenRecords();
  given(spokenReplyDecider, event('queued')).when(end).thenRecords(event(outcome));
  given(spokenReplyDecider, event('queued'), event(outcome)).when(end).thenRecords();
  given(spokenReplyDecider, event('queued'), event(outcome)).when(queue).thenRecords();
});

it('a reply that was never queued can only be dropped', () => {
  const record = (outcome: Parameters<typeof said>[0]) =>
    ({ kind: 'record', spoken: said(outcome) }) as const;
  given(spokenReplyDecider).when(record('dropped')).thenRecords(event('dropped'));
  given(spokenReplyDecider).when(record('spoken')).thenRecords();
  expect(spokenReplyDecider.initial).toBe('not spoken');
});
