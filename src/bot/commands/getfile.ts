import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { EventData } from '../../domain/events.ts';
import { guildDecider } from '../../domain/guild.ts';
import type { Words } from '../../domain/languages/languages.ts';
import { guildStream } from '../../domain/streams.ts';
import { type Answered, defineCommand } from '../command.ts';
import { positional, Word } from '../options.ts';
import { shownBytes } from '../words.ts';

export const getfile = defineCommand({
  name: 'getfile',
  right: 'trainer',
  begins: ['FileSent'],
  options: z.object({ path: positional(Word) }),
  run: async ({ services, cause, prior, handle, words }, options) => {
    if (prior?.type === 'FileSent') return answer(prior.data, words);
    const file = await services.workspace.file(cause.scope, options.path);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of file.read()) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    const sent = { path: file.path, bytes, sha256: hash.digest('hex') };
    await handle(guildStream(cause.scope), guildDecider, {
      kind: 'note',
      happened: [{ type: 'FileSent', data: sent }],
    });
    return answer(sent, words);
  },
});

function answer({ path, bytes, sha256 }: EventData<'FileSent'>, words: Words): Answered {
  const sent = { path, bytes, sha256 };
  const text = words.files.file({ path, size: shownBytes(bytes, words), sha256 });
  return { text, data: sent, files: [sent] };
}
