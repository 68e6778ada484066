import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { defineCommand } from '../command.ts';

export const leave = defineCommand({
  name: 'leave',
  summary: 'takes the bot out of the voice channel, on surfaces that have voice',
  example: 'leave',
  right: 'everyone',
  options: z.object({}),
  run: async ({ incoming }) => {
    throw new Refusal(`The ${incoming.surface} has no voice to leave.`);
  },
});
