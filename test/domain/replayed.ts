import type { Recorded } from '../../src/domain/events.ts';
import { judgements, parseDatasetLine } from '../../src/domain/examples.ts';
import { defaultPolicy, type Policy } from '../../src/domain/policy.ts';
import {
  manifestHeader,
  manifestLine,
  type Provenance,
  Replay,
  type ReplayedEntry,
  type Selection,
} from '../../src/domain/replay.ts';
import { type Happening, told } from './story.ts';

export interface Choice extends Partial<Omit<Selection, 'policy'>> {
  readonly policy?: Partial<Policy>;
}

/** The corrections, under the policy that holds until there is another, if nothing else is chosen. */
export function selection({ format = 'sft', since = null, policy }: Choice = {}): Selection {
  return { format, since, policy: { ...defaultPolicy, ...policy } };
}

export function replayOf(events: readonly Recorded[], choice: Choice = {}): Replay {
  const replay = new Replay(selection(choice));
  for (const event of events) replay.take(event);
  return replay;
}

/** The entries in short: `a1? → c1!` for an example, `a1 c1: withdrawn` for what is left out. */
export function replayed(happenings: readonly Happening[], choice: Choice = {}): string[] {
  const { format = 'sft' } = choice;
  return [...replayOf(told(...happenings), choice).entries()].map((entry) =>
    entry.kind === 'example' ? inShort(format, entry.text) : leftOutInShort(entry),
  );
}

/** Where each example comes from, in the order of the lines. */
export function provenances(happenings: readonly Happening[], choice: Choice = {}): Provenance[] {
  const entries = [...replayOf(told(...happenings), choice).entries()];
  return entries.flatMap((entry) => (entry.kind === 'example' ? entry.provenance : []));
}

/** The text of the dataset's file and of the manifest beside it. */
export function filesOf(replay: Replay, choice: Choice = {}): { dataset: string; manifest: string } {
  const entries = [...replay.entries()];
  const manifest = [manifestHeader(selection(choice), replay.through), ...entries.map(manifestLine)];
  return {
    dataset: entries.map((entry) => ('text' in entry ? entry.text : '')).join(''),
    manifest: manifest.join(''),
  };
}

function inShort(format: Selection['format'], line: string): string {
  const judged = judgements(parseDatasetLine(format, line));
  const prompt = judged[0]?.prompt.map(({ content }) => content).join(' ');
  const replies = judged.map(({ completion: [reply], label }) => `${label ? '→' : '↛'} ${reply.content}`);
  return [prompt, ...replies].join(' ');
}

function leftOutInShort({
  answer,
  correction,
  reason,
}: Extract<ReplayedEntry, { kind: 'left_out' }>): string {
  return `${[answer, correction].filter((part) => part !== null).join(' ')}: ${reason}`;
}
