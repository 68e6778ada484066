import { expect, vi } from 'vitest';
import type { EventType, Recorded } from '../../../src/domain/events.ts';
import type { Channel } from '../../stand-ins/discord/view/channel.ts';
import type { Guild } from '../../stand-ins/discord/view/guild.ts';
import type { Interaction } from '../../stand-ins/discord/view/interaction.ts';
import type { Member } from '../../stand-ins/discord/view/member.ts';
import type { SeenMessage } from '../../stand-ins/discord/view/message.ts';
import type { ShownModal } from '../../stand-ins/discord/view/modal.ts';

/** After this Discord has told the person that there was no answer. */
const ANSWER_WITHIN_MS = 3_000;
const TRAINING_MS = 180_000;
const LINES = 60_000;
const PEOPLE = 60;

interface Click {
  readonly what: string;
  readonly interaction: Interaction;
  readonly event: EventType;
}

/** What people do with menus, buttons and forms while the bot dies and comes back, and what must have come of it. */
export class Clicks {
  readonly #now: () => number;
  /** Others than those who write, since what anybody may do in a minute is limited. */
  readonly #people: readonly Member[];
  readonly #clicks: Click[] = [];
  readonly #rated = new Set<string>();
  readonly #forms: { readonly person: Member; readonly modal: ShownModal }[] = [];
  #job: Job | null = null;
  #count = 0;

  /** @param now the time of Discord, in ms since 1970 */
  constructor(guild: Guild, now: () => number) {
    this.#now = now;
    this.#people = Array.from({ length: PEOPLE }, (_, n) => guild.addMember(`Clicker ${n}`));
  }

  get all(): number {
    return this.#clicks.length;
  }

  /** How often the job's message was edited again after a kill. */
  get goneOn(): number {
    return this.#job?.goneOn ?? 0;
  }

  /** Something at random. */
  act(room: Channel): void {
    const n = this.#count++;
    const person = this.#people[Math.floor(Math.random() * PEOPLE)];
    if (person === undefined) throw new Error('somebody is missing');
    const answer = answerIn(room);
    if (n % 3 === 0 || answer === null) {
      this.#keep(
        `slash ${n}`,
        person.uses('feedback', { text: `Remark ${n}` }, { in: room }),
        'FeedbackGiven',
      );
    } else if (n % 3 === 1) this.#rate(person, answer);
    else this.#submit(n);
  }

  /** Everybody has a form before them, to be handed in at any time. */
  async openForms(room: Channel): Promise<void> {
    const answer = answerIn(room);
    if (answer === null) throw new Error('nothing was answered there');
    for (const person of this.#people) {
      const modal = await person.presses(answer.button('Correct')).modal();
      this.#forms.push({ person, modal });
    }
  }

  /** Begins a job that outlives several lives of the bot. */
  async train(trainer: Member, room: Channel): Promise<void> {
    const used = trainer.uses('train', { file: { name: 'lines.jsonl', bytes: manyLines() } }, { in: room });
    this.#keep('train', used, 'TrainingRequested');
    const [, id = ''] = /\bjob ([0-9a-f]{8})/i.exec((await used.reply()).content) ?? [];
    this.#job = new Job(id, room);
    await this.#job.shown();
  }

  killed(): void {
    this.#job?.killed();
  }

  /** Of those that Discord waits for. */
  get unanswered(): readonly string[] {
    return this.#clicks.filter((click) => !this.#isOver(click)).map(({ what }) => what);
  }

  async end(): Promise<void> {
    await this.#job?.ended();
  }

  /** Everything that was acknowledged is done once, and nothing else. */
  expectDone(events: readonly Recorded[]): void {
    const byCommand = Map.groupBy(events, ({ metadata }) => metadata.commandId);
    for (const { what, interaction, event } of this.#clicks) {
      const happened = (byCommand.get(interaction.record.id) ?? []).map(({ type }) => type);
      const times = happened.filter((type) => type === event).length;
      expect({ what, times }).toEqual({ what, times: interaction.record.acknowledged === null ? 0 : 1 });
    }
    // Nothing of this says much where the bot never was there to be told.
    const carriedOut = this.#clicks.filter(({ interaction }) => interaction.record.acknowledged !== null);
    const kinds = new Set(carriedOut.map(({ what }) => what.split(' ')[0]));
    expect(kinds).toEqual(new Set(['train', 'slash', 'rating', 'form']));
    this.#job?.expectEndedOnce(events);
  }

  #keep(what: string, interaction: Interaction, event: EventType): void {
    this.#clicks.push({ what, interaction, event });
  }

  #isOver({ interaction: { record } }: Click): boolean {
    if (record.acknowledged === null) return this.#now() - record.createdAt > ANSWER_WITHIN_MS + 1_000;
    return record.reactions.all.some(({ kind }) => kind === 'replied' || kind === 'followed up');
  }

  /** The same rating by the same person again is nothing new. */
  #rate(person: Member, answer: SeenMessage): void {
    const pair = `${person.id} ${answer.id}`;
    if (this.#rated.has(pair)) return;
    this.#rated.add(pair);
    const button = answer.button(Math.random() < 0.5 ? '👍' : '👎');
    this.#keep(`rating ${pair}`, person.presses(button), 'FeedbackGiven');
  }

  /** Whoever has a form open may hand it in to a later life of the bot. */
  #submit(n: number): void {
    const form = this.#forms.pop();
    if (form === undefined) return;
    const submitted = form.person.submits(form.modal, { 'The better answer': `Better answer ${n}` });
    this.#keep(`form ${n}`, submitted, 'CorrectionGiven');
  }
}

/** A training job that is shown in one message. */
class Job {
  readonly #id: string;
  readonly #room: Channel;
  #versionsAtKill = 0;
  goneOn = 0;

  constructor(id: string, room: Channel) {
    this.#id = id;
    this.#room = room;
  }

  async shown(): Promise<void> {
    await vi.waitFor(() => expect(this.#messages).toHaveLength(1), { timeout: 30_000, interval: 50 });
    this.#versionsAtKill = this.#versions.length;
  }

  killed(): void {
    const { length } = this.#versions;
    if (length > this.#versionsAtKill) this.goneOn += 1;
    this.#versionsAtKill = length;
  }

  async ended(): Promise<void> {
    const isOver = () => expect(this.#versions.at(-1)).toContain('has succeeded');
    await vi.waitFor(isOver, { timeout: TRAINING_MS, interval: 200 });
    this.killed();
  }

  expectEndedOnce(events: readonly Recorded[]): void {
    const ends = events.filter(
      (event) => event.type === 'TrainingSucceeded' && event.data.job.startsWith(this.#id),
    );
    const afterEnd = this.#versions.slice(this.#versions.findIndex((text) => text.includes('has succeeded')));
    expect({ ends: ends.length, messages: this.#messages.length }).toEqual({ ends: 1, messages: 1 });
    expect(afterEnd.filter((text) => !text.includes('has succeeded'))).toEqual([]);
  }

  get #messages(): readonly SeenMessage[] {
    return this.#room.messages.filter(({ content }) => content.startsWith(`**Job ${this.#id}`));
  }

  get #versions(): readonly string[] {
    return this.#messages.flatMap(({ history }) => history.map(({ content }) => content));
  }
}

/** One of the newest with buttons under it. */
function answerIn({ messages }: Channel): SeenMessage | null {
  const answers = messages.filter(({ buttons }) => buttons.some(({ label }) => label === '👍')).slice(-20);
  return answers[Math.floor(Math.random() * answers.length)] ?? null;
}

function manyLines(): Uint8Array {
  const lines = Array.from({ length: LINES }, (_, n) =>
    JSON.stringify({
      prompt: `What is kept in drawer ${n} of cupboard ${n % 977} on the floor of the number ${n % 31}?`,
      completion: `In drawer ${n} there are ${(n * 7_919) % 10_007} buttons.`,
    }),
  );
  return Buffer.from(`${lines.join('\n')}\n`);
}
