import type { Kysely } from 'kysely';
import type { Projection } from './projection.ts';
import type { Tables, UtteranceRow } from './tables.ts';

/** What was said and answered, by what answered it. */
export const utterancesProjection: Projection = {
  name: 'utterances',
  version: 1,
  prepare(statements) {
    const insert = statements.insert('utterances');
    return {
      take({ type, data, metadata: { scope, time } }, ordinal) {
        if (type !== 'VoiceMessageTranscribed' || data.answer === null) return;
        const { utterance: id, answer, member, text, heard, durationMs: duration_ms, sha256 } = data;
        insert({ scope, answer, id, ordinal, member, time, text, heard, duration_ms, sha256 });
      },
    };
  },
};

/** What an answer answers, where that was said and not written. */
export async function utteranceOf(
  db: Kysely<Tables>,
  scope: string,
  answer: string,
): Promise<UtteranceRow | undefined> {
  return db
    .selectFrom('utterances')
    .selectAll()
    .where('scope', '=', scope)
    .where('answer', '=', answer)
    .executeTakeFirst();
}
