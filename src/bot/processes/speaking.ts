import { decodeEvent, type EventData } from '../../domain/events.ts';
import { guildDecider } from '../../domain/guild.ts';
import { type Cause, handle } from '../../domain/ledger.ts';
import { type SpokenReplyState, spokenReplyDecider } from '../../domain/spoken-reply.ts';
import { guildStream, streamName } from '../../domain/streams.ts';
import type { VoiceReport } from '../../domain/voice.ts';
import type { Services } from '../services.ts';

type Recording = Pick<Services, 'ledger' | 'clock' | 'streams' | 'readModels'>;

/** Records what happened in a voice channel. The same report again, also after a restart, records nothing. */
export async function recordVoice(recording: Recording, report: VoiceReport): Promise<void> {
  const { id: commandId, scope, channel, actor, happening } = report;
  const cause: Cause = { commandId, actor, scope, channel, origin: 'voice' };
  switch (happening.kind) {
    case 'joined':
    case 'left': {
      const { kind, reason } = happening;
      const type = kind === 'joined' ? 'VoiceJoined' : 'VoiceLeft';
      const happened = [{ type, data: { channel, reason } } as const];
      await handle(recording, guildStream(scope), guildDecider, { kind: 'note', happened }, cause);
      return;
    }
    default: {
      const spoken = spokenOf(happening, channel);
      const stream = streamName(scope, 'reply', spoken.answer);
      await handle(recording, stream, spokenReplyDecider, { kind: 'record', spoken }, cause);
    }
  }
}

type OfReply = Exclude<VoiceReport['happening'], { readonly kind: 'joined' | 'left' }>;

function spokenOf(happening: OfReply, channel: string): EventData<'ReplySpoken'> {
  const { kind: outcome, answer } = happening;
  return {
    answer,
    channel,
    outcome,
    durationMs: 'durationMs' in happening ? Math.round(happening.durationMs) : null,
    reason: 'reason' in happening ? happening.reason : null,
  };
}

/** Whether an answer was said to its end, or will not be any more. */
export async function hasBeenSpoken(
  { ledger }: Pick<Services, 'ledger'>,
  scope: string,
  answer: string,
): Promise<boolean> {
  let state: SpokenReplyState = spokenReplyDecider.initial;
  for await (const stored of ledger.readStream(streamName(scope, 'reply', answer))) {
    const event = decodeEvent(stored);
    if (spokenReplyDecider.takes(event)) state = spokenReplyDecider.evolve(state, event);
  }
  return state === 'ended';
}
