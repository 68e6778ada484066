import { setImmediate as letOthersRun } from 'node:timers/promises';
import { decodeEvent, type PromptMessage, type Recorded } from '../domain/events.ts';
import type { WrittenFile } from '../domain/ports.ts';
import { Refusal } from '../domain/refusal.ts';
import { STREAM_PREFIX } from '../domain/streams.ts';
import type { Services } from './services.ts';
import { encodeLines } from './stored-lines.ts';

/** So many are looked at before others get their turn. */
const LOOKED_AT_ONCE = 500;

/**
 * Writes all that the ledger holds of a member in a scope, an event a line: what they did, what was decided of what
 * they gave, and where their words were sent to a model again. The words of others that stand beside theirs are left
 * out. Nothing is recorded: an entry in the history would tell others of the file. It reads the whole ledger, so one at
 * a time is written for each member.
 * @throws Refusal where one is being written
 */
export async function exportMember(
  services: Pick<Services, 'ledger' | 'workspace' | 'exporting'>,
  scope: string,
  member: string,
): Promise<MemberExport> {
  const { exporting } = services;
  const key = `${scope} ${member}`;
  if (exporting.has(key)) throw new Refusal(({ privacy }) => privacy.exportGoesOn);
  exporting.add(key);
  try {
    return await writeExport(services, scope, member);
  } finally {
    exporting.delete(key);
  }
}

interface MemberExport {
  readonly file: WrittenFile;
  readonly events: number;
}

async function writeExport(
  { ledger, workspace }: Pick<Services, 'ledger' | 'workspace'>,
  scope: string,
  member: string,
): Promise<MemberExport> {
  let events = 0;
  const theirs = new MemberEvents(member);
  async function* lines(): AsyncGenerator<string> {
    const streams = `${STREAM_PREFIX}${scope}.`;
    let looked = 0;
    for await (const stored of ledger.readAll({ through: await ledger.head() })) {
      if (++looked % LOOKED_AT_ONCE === 0) await letOthersRun();
      if (!stored.stream.startsWith(streams)) continue;
      const event = decodeEvent(stored);
      const data = theirs.take(event);
      if (data === undefined) continue;
      events++;
      const { id, type, stream, revision, metadata } = event;
      yield `${JSON.stringify({ id, type, stream, revision, data, metadata })}\n`;
    }
  }
  const file = await workspace.writePrivate(scope, encodeLines(lines()));
  return { file, events };
}

/** What of each event is a member's, of the events of a scope in their order. */
class MemberEvents {
  readonly #member: string;
  readonly #answers = new Set<string>();
  readonly #corrections = new Set<string>();

  constructor(member: string) {
    this.#member = member;
  }

  /** The data to be told; undefined where nothing in it is theirs. */
  take(event: Recorded): object | undefined {
    if (event.type === 'PredictionMade' || event.type === 'PredictionFailed') {
      return this.#takePrediction(event);
    }
    if (event.type === 'CorrectionGiven' && event.data.member === this.#member) {
      this.#corrections.add(event.data.correction);
    }
    return event.metadata.actor === this.#member || this.#isAbout(event) ? event.data : undefined;
  }

  #isAbout({ data }: Recorded): boolean {
    if ('member' in data) return data.member === this.#member;
    return 'correction' in data && this.#corrections.has(data.correction);
  }

  #takePrediction({
    data,
    metadata,
  }: Recorded<'PredictionMade'> | Recorded<'PredictionFailed'>): object | undefined {
    const isAsker = metadata.actor === this.#member;
    const messages = data.messages.filter((message) => this.#wrote(message, isAsker));
    if (isAsker) {
      this.#answers.add(data.answer);
      return { ...data, messages };
    }
    const { answer, conversation, evaluation, model } = data;
    return messages.length === 0 ? undefined : { answer, conversation, evaluation, model, messages };
  }

  /** A message that repeats no other is the asker's. */
  #wrote({ role, answer, correction }: PromptMessage, isAsker: boolean): boolean {
    if (correction !== null) return this.#corrections.has(correction);
    if (answer === null) return isAsker;
    return role === 'user' && this.#answers.has(answer);
  }
}
