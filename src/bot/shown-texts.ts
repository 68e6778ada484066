import type { Recorded } from '../domain/events.ts';
import type { Incoming } from '../domain/surface.ts';

/** Where and by whom something was written. */
export interface Written {
  readonly channel: string;
  readonly actor: string;
}

/** Whether what was written so may be shown in the reply. */
export type MayShow = (written: Written) => Promise<boolean>;

/**
 * Not everybody may read every channel of a place. Trainers, who decide what is trained on, are shown everything;
 * others what stands in this channel and in those that are open to all who see the reply, and to themselves alone
 * also what they wrote.
 */
export function mayShowTo(
  { surface, channel: present, actor, isPrivate = false, mayRead }: Incoming,
  isTrainer: boolean,
): MayShow {
  return async ({ channel, actor: author }) =>
    surface === 'console' ||
    isTrainer ||
    channel === present ||
    (isPrivate && author === actor.id) ||
    ((await mayRead?.(channel)) ?? false);
}

/** An event with something else in the place of all that people and models wrote. */
export function withoutTexts(event: Recorded, instead: string): Recorded {
  switch (event.type) {
    case 'PredictionMade':
      return {
        ...event,
        data: { ...event.data, messages: without(event.data.messages, instead), response: instead },
      };
    case 'PredictionFailed':
      return { ...event, data: { ...event.data, messages: without(event.data.messages, instead) } };
    case 'CorrectionGiven': {
      const { question } = event.data;
      return { ...event, data: { ...event.data, text: instead, question: question && instead } };
    }
    case 'CorrectionApproved': {
      const { text, question } = event.data;
      return { ...event, data: { ...event.data, text: text && instead, question: question && instead } };
    }
    case 'CorrectionRejected':
      return { ...event, data: { ...event.data, reason: event.data.reason && instead } };
    case 'FeedbackGiven':
      return { ...event, data: { ...event.data, remark: event.data.remark && instead } };
    case 'VoiceMessageTranscribed':
      return { ...event, data: { ...event.data, text: instead } };
    default:
      return event;
  }
}

function without<Message>(messages: readonly Message[], instead: string): (Message & { content: string })[] {
  return messages.map((message) => ({ ...message, content: instead }));
}
