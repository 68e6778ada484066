import { z } from 'zod';
import { guildDecider } from '../../domain/guild.ts';
import { guildStream } from '../../domain/streams.ts';
import { defineCommand } from '../command.ts';

export const instruction = defineCommand({
  name: 'instruction',
  right: 'everyone',
  begins: ['InstructionShown'],
  options: z.object({}),
  run: async ({ services, cause, handle, words }) => {
    const { instructions, prefix } = services.settings;
    const { source } = instructions;
    await handle(guildStream(cause.scope), guildDecider, {
      kind: 'note',
      happened: [{ type: 'InstructionShown', data: { source } }],
    });
    const text = instructions.source === 'operator' ? instructions.text : words.help.instructions(prefix);
    return { text, data: { source } };
  },
});
