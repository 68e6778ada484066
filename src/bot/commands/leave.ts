import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { defineCommand } from '../command.ts';

export const leave = defineCommand({
  name: 'leave',
  right: 'everyone',
  options: z.object({}),
  run: async ({ incoming }) => {
    throw new Refusal(({ bot }) => bot.noVoiceToLeave[incoming.surface]);
  },
});
