import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { defineCommand } from '../command.ts';
import { voiceOf } from '../voice-place.ts';

export const skip = defineCommand({
  name: 'skip',
  right: 'everyone',
  needsVoice: true,
  options: z.object({}),
  run: async ({ incoming, cause, words }) => {
    if (!voiceOf(incoming).room.skip(cause)) throw new Refusal(({ voice }) => voice.nothingToSkip);
    return { text: words.voice.skipped };
  },
});
