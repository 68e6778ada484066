import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { defineCommand } from '../command.ts';

export const join = defineCommand({
  name: 'join',
  right: 'everyone',
  options: z.object({}),
  run: async ({ incoming }) => {
    throw new Refusal(({ bot }) => bot.noVoiceToJoin[incoming.surface]);
  },
});
