import { z } from 'zod';
import { defineCommand } from '../command.ts';

export const hi = defineCommand({
  name: 'hi',
  right: 'everyone',
  options: z.object({}),
  run: async ({ services, incoming }) => {
    const { prefix } = services.settings;
    return {
      text: `Hello, ${incoming.actor.id}! Write anything to ask the model; ${prefix}correct last <text> teaches it a better answer, and ${prefix}help shows the rest.`,
    };
  },
});
