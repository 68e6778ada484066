import { createHash } from 'node:crypto';
import { DatasetFormat } from '../../src/domain/examples.ts';
import { type Choice, filesOf, replayOf } from './replayed.ts';
import { asks, consents, corrects, isErased, message, onDay, rates, told, turn, withdraws } from './story.ts';

const events = told(
  asks('a1', { question: 'Wann öffnet ihr?', conversation: 'conversation-1' }),
  corrects('a1', 'c1', { text: 'Um neun.\n\t"Genau" um neun.\u2028' }),
  asks('a2', {
    question: 'متى تغلقون؟',
    by: 'bob',
    origin: 'message',
    after: [message('system', 'Be kind.')],
  }),
  consents('bob'),
  corrects('a2', 'c2', { text: 'الساعة السادسة 👩‍👩‍👧‍👦 e\u0301 I İ ı i', by: 'bob', origin: 'message' }),
  asks('a3', { after: turn('a2', 'c2!', 'c2'), conversation: 'conversation-3' }),
  rates('a3', 'up'),
  rates('a3', 'down', 'bob'),
  rates('a3', 'up', 'cy'),
  corrects('a3', 'c3'),
  corrects('a3', 'c4', { by: 'cy' }),
  withdraws('a3', 'c4'),
  asks('a4', { by: 'dan' }),
  rates('a4', 'down'),
  corrects('a4', 'c5', { text: 'a4!' }),
  asks('a5', { by: 'eve' }),
  corrects('a5', 'c6'),
  isErased('eve'),
);
const policy = { permittedOrigins: ['console', 'message'] } satisfies Choice['policy'];

/** The SHA-256 of the files of a ledger that never changes. */
export function fixedHashes(): Record<string, string> {
  const files = DatasetFormat.options.flatMap((format) => {
    const choice = { format, since: onDay(2), policy };
    const { dataset, manifest } = filesOf(replayOf(events, choice), choice);
    return [
      [`${format} dataset`, dataset],
      [`${format} manifest`, manifest],
    ] as const;
  });
  return Object.fromEntries(files.map(([name, text]) => [name, sha256(text)]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
