import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { defineCommand } from '../command.ts';
import { shownChannel, voiceOf } from '../voice-place.ts';

export const join = defineCommand({
  name: 'join',
  right: 'everyone',
  needsVoice: true,
  options: z.object({}),
  run: async (context) => {
    const { incoming, cause, words, services } = context;
    const { room } = voiceOf(incoming);
    const { membersChannel: channel } = room;
    if (channel === null) throw new Refusal(({ voice }) => voice.inNoChannel);
    const shown = shownChannel(channel, incoming);
    if (room.channel === channel) return { text: words.voice.alreadyThere(shown), data: { channel } };
    await room.join(channel, cause);
    const { prefix } = services.settings;
    return { text: words.voice.joined({ channel: shown, prefix }), data: { channel } };
  },
});
