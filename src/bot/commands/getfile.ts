import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { EventData } from '../../domain/events.ts';
import { guildDecider } from '../../domain/guild.ts';
import { guildStream } from '../../domain/streams.ts';
import { type Answered, defineCommand } from '../command.ts';
import { positional, Word } from '../options.ts';
import { shownBytes } from '../words.ts';

export const getfile = defineCommand({
  name: 'getfile',
  right: 'trainer',
  begins: ['FileSent'],
  options: z.object({ path: positional(Word) }),
  run: async ({ services, cause, prior, handle }, options) => {
    if (prior?.type === 'FileSent') return answer(prior.data);
    const file = await services.workspace.file(cause.scope, options.path);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of file.read()) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    const sent = { path: file.path, bytes, sha256: hash.digest('hex') };
    await handle(guildStream(cause.scope), guildDecider, [{ type: 'FileSent', data: sent }]);
    return answer(sent);
  },
});

function answer({ path, bytes, sha256 }: EventData<'FileSent'>): Answered {
  const sent = { path, bytes, sha256 };
  return { text: `${path} (${shownBytes(bytes)}, SHA-256 ${sha256})`, data: sent, files: [sent] };
}
