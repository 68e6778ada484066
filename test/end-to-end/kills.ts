import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { verifyLedger } from '../../src/adapters/ledger/verification.ts';
import type { EventType, Recorded } from '../../src/domain/events.ts';
import { eventsIn } from './ledger-file.ts';
import { type Reply, Talk, TalkHere, temporaryDirectory } from './talk.ts';

const TRAIN: readonly [line: string, events: readonly EventType[]] = [
  '!train data={"prompt":"N?","completion":"N."}',
  ['DatasetSelected', 'TrainingRequested'],
];
/** What is sent again and again, and the events that each leads to where it is not refused. */
const COMMANDS: readonly (readonly [line: string, events: readonly EventType[], times: number])[] = [
  ['When do you open on day N?', ['PredictionMade'], 6],
  ['!correct last At N o’clock.', ['CorrectionGiven'], 6],
  ['!feedback Remark N', ['FeedbackGiven'], 2],
  ['!retrain', ['DatasetBuilt', 'DatasetExamplesListed', 'TrainingRequested'], 4],
  [...TRAIN, 2],
  ['!cancel last', ['TrainingCancelled'], 1],
  ['!promote', ['ModelPromoted'], 1],
  ['!rollback', ['ModelRolledBack'], 1],
  [
    '!test [{"prompt":"N?","expected":"N."},{"prompt":"Who?"}]',
    ['PredictionMade', 'PredictionMade', 'EvaluationRun'],
    1,
  ],
  ['!export last', ['FileSent', 'FileSent'], 1],
  ['!archive exports', ['DatasetArchived'], 1],
  ['!instruction', ['InstructionShown'], 1],
];
const CHOICES = COMMANDS.flatMap(([line, events, times]) =>
  Array.from({ length: times }, () => ({ line, events })),
);
/** They go without where the very same dataset was built before. */
const OPTIONAL: ReadonlySet<EventType> = new Set(['DatasetExamplesListed']);
const ENDS: ReadonlySet<EventType> = new Set(['TrainingSucceeded', 'TrainingFailed', 'TrainingCancelled']);

interface Sent {
  readonly id: string;
  readonly line: string;
  readonly events: readonly EventType[];
  reply?: Reply;
}

/** Streams commands into the program, kills it at random moments, and checks what is there. */
class Victim {
  readonly directory = temporaryDirectory();
  readonly #sent: Sent[] = [];
  /** How many jobs were unfinished when the program was killed. */
  interrupted = 0;

  /** Starts, streams and kills at a random moment. */
  async live(): Promise<void> {
    const console = new Talk(this.directory, { flags: ['--ids'] });
    const fatal =
      Math.random() < 0.25
        ? pause(Math.random() * 700)
        : this.#stream(console, Math.ceil(Math.random() * 12));
    const streaming = Math.random() < 0.5 ? this.#stream(console, Number.POSITIVE_INFINITY) : undefined;
    await fatal;
    await pause(Math.random() * 25);
    await console.kill();
    await streaming;
    await this.#check();
  }

  /** Starts once more, sends what was not answered, and lets every job end. */
  async rest(): Promise<void> {
    const console = new TalkHere(this.directory, { flags: ['--ids'] });
    // Nothing is recorded of what was refused, so it may not be refused the next time.
    for (const sent of this.#sent.filter(({ reply }) => reply?.ok !== false)) await this.#send(console, sent);
    // In a short life it may be that nobody asked for a training.
    const [line, expected] = TRAIN;
    await this.#send(console, this.#add(line, expected));
    expect(await console.end()).toMatchObject({ code: 0, stderr: '' });
    const events = await this.#check();
    for (const sent of this.#sent) expect(sent.reply).toBeDefined();
    const requested = events.flatMap((event) => (event.type === 'TrainingRequested' ? event.data.job : []));
    expect(requested.length).toBeGreaterThan(0);
    expect(endedJobs(events).toSorted()).toEqual(requested.toSorted());
  }

  /** First what was not answered, then something that was, then new commands, until so many replies or the end. */
  async #stream(console: Talk, replies: number): Promise<void> {
    const unanswered = this.#sent.filter(({ reply }) => reply === undefined);
    const answered = this.#sent.filter(({ reply }) => reply?.ok === true);
    const again = answered[Math.floor(Math.random() * answered.length)];
    const first = again === undefined ? unanswered : [...unanswered, again];
    for (let done = 0; done < replies; done++) {
      if (!(await this.#send(console, first[done] ?? this.#next()))) return;
    }
  }

  #next(): Sent {
    const { line, events } = CHOICES[Math.floor(Math.random() * CHOICES.length)] ??
      CHOICES[0] ?? { line: '', events: [] };
    return this.#add(line, events);
  }

  #add(line: string, events: readonly EventType[]): Sent {
    const n = this.#sent.length;
    const sent = { id: `command-${n}`, line: line.replaceAll('N', String(n)), events };
    this.#sent.push(sent);
    return sent;
  }

  /** @returns whether there was a reply */
  async #send(console: Talk | TalkHere, sent: Sent): Promise<boolean> {
    const { id, line, reply: known } = sent;
    const reply = await console.ask(`${id} ${line}`).catch(() => undefined);
    if (reply === undefined) return false;
    if (known?.ok === true) expect([line, reply]).toEqual([line, known]);
    if (known === undefined) sent.reply = reply;
    return true;
  }

  async #check(): Promise<readonly Recorded[]> {
    const file = join(this.directory, 'ledger.sqlite');
    if (!existsSync(file)) {
      expect(this.#sent.filter(({ reply }) => reply?.ok)).toEqual([]);
      return [];
    }
    expect(await verifyLedger(file)).toMatchObject({ ok: true });
    const events = eventsIn(this.directory);
    const byCommand = Map.groupBy(events, ({ metadata }) => metadata.commandId);
    for (const { id, line, events: expected, reply } of this.#sent) {
      const types = (byCommand.get(id) ?? []).map(({ type }) => type);
      const told = [line, reply?.text, ...types];
      const [happened, whole] = [withoutOptional(types), withoutOptional(expected)];
      if (reply?.ok === true) expect([told, happened]).toEqual([told, whole]);
      // What was not acknowledged may be there wholly, in part or not at all, but not twice.
      else if (reply === undefined) expect([told, happened]).toEqual([told, whole.slice(0, happened.length)]);
      else expect(told).toEqual([line, reply.text]);
    }
    const ended = endedJobs(events);
    expect(new Set(ended).size).toBe(ended.length);
    this.interrupted += events.filter(({ type }) => type === 'TrainingRequested').length - ended.length;
    return events;
  }
}

function withoutOptional(types: readonly EventType[]): readonly EventType[] {
  return types.filter((type) => !OPTIONAL.has(type));
}

function endedJobs(events: readonly Recorded[]): string[] {
  return events.flatMap((event) => (ENDS.has(event.type) && 'job' in event.data ? event.data.job : []));
}

/** @returns how many jobs a kill has interrupted */
export async function expectToSurviveKills(kills: number): Promise<number> {
  const victim = new Victim();
  for (let killed = 0; killed < kills; killed++) await victim.live();
  await victim.rest();
  return victim.interrupted;
}
