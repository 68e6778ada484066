import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { defineCommand } from '../command.ts';
import { voiceOf } from '../voice-place.ts';

export const silence = defineCommand({
  name: 'silence',
  right: 'everyone',
  needsVoice: true,
  options: z.object({}),
  run: async ({ incoming, cause, words }) => {
    const replies = voiceOf(incoming).room.silence(cause);
    if (replies === 0) throw new Refusal(({ voice }) => voice.nothingToSilence);
    return { text: words.voice.silenced(replies), data: { replies } };
  },
});
