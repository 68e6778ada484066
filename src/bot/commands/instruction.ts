import { z } from 'zod';
import { guildDecider } from '../../domain/guild.ts';
import { guildStream } from '../../domain/streams.ts';
import { defineCommand } from '../command.ts';

export const instruction = defineCommand({
  name: 'instruction',
  right: 'everyone',
  begins: ['InstructionShown'],
  options: z.object({}),
  run: async ({ services, cause, handle }) => {
    const { source, text } = services.settings.instructions;
    await handle(guildStream(cause.scope), guildDecider, [{ type: 'InstructionShown', data: { source } }]);
    return { text, data: { source } };
  },
});
