import { z } from 'zod';
import { defineCommand } from '../command.ts';

export const hi = defineCommand({
  name: 'hi',
  right: 'everyone',
  options: z.object({}),
  run: async ({ services, incoming, words }) => {
    const { prefix } = services.settings;
    return {
      text: words.help.hello({ name: incoming.actor.id, prefix }),
    };
  },
});
