import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { defineCommand } from '../command.ts';
import { shownChannel, voiceOf } from '../voice-place.ts';

export const leave = defineCommand({
  name: 'leave',
  right: 'everyone',
  needsVoice: true,
  options: z.object({}),
  run: async ({ incoming, cause, words }) => {
    const { room } = voiceOf(incoming);
    const { channel } = room;
    const hasLeft = await room.leave(cause);
    if (!hasLeft || channel === null) throw new Refusal(({ voice }) => voice.botInNoChannel);
    return { text: words.voice.left(shownChannel(channel, incoming)), data: { channel } };
  },
});
