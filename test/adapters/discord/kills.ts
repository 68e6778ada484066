import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import type { EventType } from '../../../src/domain/events.ts';
import { eventsIn } from '../../end-to-end/ledger-file.ts';
import { Program } from '../../program.ts';
import { StandInClock } from '../../stand-ins/discord/clock.ts';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import type { StandInDiscord } from '../../stand-ins/discord/stand-in-discord.ts';
import type { Channel } from '../../stand-ins/discord/view/channel.ts';
import type { Member } from '../../stand-ins/discord/view/member.ts';
import type { SeenMessage } from '../../stand-ins/discord/view/message.ts';
import { Clicks } from './clicks.ts';
import { temporaryDirectory } from './running-bot.ts';

/** What people write, and the events that each of it leads to. */
const TEXTS: readonly (readonly [text: string, events: readonly EventType[]])[] = [
  ['@bot When do you open on day N?', ['PredictionMade']],
  ['@bot What is the secret of N? Tell me everything.', ['PredictionMade']],
  ['!feedback Remark N', ['FeedbackGiven']],
  ['!instruction', ['InstructionShown']],
];
const PEOPLE = 40;
/** More would be too much for the limits that members have. */
const MESSAGES_A_LIFE = 25;
/** They write to the bot directly as well. */
const CLOSE = 8;

interface Said {
  readonly message: SeenMessage;
  readonly channel: Channel;
  readonly events: readonly EventType[];
}

/** People who talk all the time to a real process of the bot that is killed at random moments. */
export class Siege {
  readonly #discord: StandInDiscord;
  readonly #directory = temporaryDirectory();
  readonly #people: readonly Member[];
  readonly #owner: Member;
  readonly #rooms: readonly [Channel, ...Channel[]];
  readonly #said: Said[] = [];
  readonly #clicks: Clicks | null;
  #program: Program | null = null;
  /** How many answers were still awaited at the kills. */
  interrupted = 0;

  /** @param clicks whether they also use menus, buttons and forms, and a training job runs */
  static async begin({ clicks = false } = {}): Promise<Siege> {
    const discord = await startStandIn({ clock: new StandInClock({ running: true }) });
    const siege = new Siege(discord, { clicks });
    const program = siege.#start();
    const begun = clicks ? 'commands registered' : 'connected to Discord';
    await vi.waitFor(() => expect(program.stderr).toContain(begun), { timeout: 45_000 });
    // From here on every channel is known to the bot.
    for (const room of siege.#rooms) siege.#say(siege.#people[0], room);
    for (const person of siege.#people.slice(0, CLOSE)) siege.#say(person, person.directMessages);
    await siege.#everythingAnswered();
    await siege.#clicks?.openForms(siege.#rooms[0]);
    await siege.#clicks?.train(siege.#owner, siege.#rooms[0]);
    return siege;
  }

  private constructor(discord: StandInDiscord, { clicks }: { readonly clicks: boolean }) {
    this.#discord = discord;
    const guild = discord.createGuild('Trainers');
    this.#owner = guild.owner;
    this.#clicks = clicks ? new Clicks(guild, () => discord.clock.now) : null;
    this.#people = Array.from({ length: PEOPLE }, (_, n) => guild.addMember(`Member ${n}`));
    this.#rooms = [guild.general, guild.addChannel('elsewhere')];
  }

  /** People talk while the bot dies and comes back. */
  async kill(): Promise<void> {
    const talking = new AbortController();
    const talk = this.#talk(talking.signal);
    await pause(Math.random() * 400);
    if (Math.random() < 0.3) await this.#cut();
    await pause(Math.random() * 100);
    this.#program?.child.kill('SIGKILL');
    this.interrupted += this.#unanswered().length;
    this.#clicks?.killed();
    await this.#program?.ended;
    await pause(Math.random() * 100);
    this.#start();
    const identified = this.#discord.gateway.identifies.all.length;
    if (Math.random() < 0.8) {
      await vi.waitFor(
        () => expect(this.#discord.gateway.identifies.all.length).toBeGreaterThan(identified),
        {
          timeout: 30_000,
          interval: 5,
        },
      );
    }
    talking.abort();
    await talk;
  }

  /** Everything is answered and done, once; then the bot ends as it should. */
  async end(): Promise<void> {
    await this.#everythingAnswered();
    await this.#clicks?.end();
    this.#program?.child.kill('SIGTERM');
    const ended = await this.#program?.ended;
    expect([ended?.code, ended?.stdout]).toEqual([0, '']);
    const recorded = eventsIn(join(this.#directory, 'data'));
    this.#clicks?.expectDone(recorded);
    const byCommand = Map.groupBy(recorded, ({ metadata }) => metadata.commandId);
    for (const { message, events } of this.#said) {
      const happened = (byCommand.get(message.id) ?? []).map(({ type }) => type);
      const replies = this.#repliesTo(message).map(({ content }) => content);
      expect({ said: message.content, replies, happened }).toEqual({
        said: message.content,
        replies: [expect.any(String)],
        happened: events,
      });
    }
  }

  get said(): number {
    return this.#said.length;
  }

  get clicked(): number {
    return this.#clicks?.all ?? 0;
  }

  /** How often the message of the job was edited in another life than before. */
  get jobWentOn(): number {
    return this.#clicks?.goneOn ?? 0;
  }

  #start(): Program {
    this.#program = new Program([], { cwd: this.#directory, env: this.#discord.environment });
    return this.#program;
  }

  /** The gateway is lost for a moment, and tells twice what it has told already. */
  async #cut(): Promise<void> {
    const { gateway } = this.#discord;
    gateway.onNextResume({ rewind: 20, times: 2 });
    gateway.cut();
    await pause(Math.random() * 300);
  }

  async #talk(signal: AbortSignal): Promise<void> {
    for (let count = 0; count < MESSAGES_A_LIFE && !signal.aborted; count++) {
      const person = this.#people[Math.floor(Math.random() * PEOPLE)];
      const friend = this.#people[Math.floor(Math.random() * CLOSE)];
      if (Math.random() < 0.2) this.#say(friend, friend?.directMessages);
      else this.#say(person, this.#rooms[Math.floor(Math.random() * this.#rooms.length)]);
      this.#clicks?.act(this.#rooms[0]);
      await pause(Math.random() * 60);
    }
  }

  #say(person: Member | undefined, channel: Channel | undefined): void {
    const n = this.#said.length;
    const [text, events] = TEXTS[n % TEXTS.length] ?? ['', []];
    if (person === undefined || channel === undefined) throw new Error('somebody and some place are missing');
    const written = text.replace('@bot', this.#discord.botMention).replace('N', String(n));
    this.#said.push({ message: person.says(channel, written), channel, events });
  }

  #repliesTo(message: SeenMessage): readonly SeenMessage[] {
    const channel = this.#said.find((said) => said.message === message)?.channel;
    return (channel?.messages ?? []).filter(({ api }) => api.message_reference?.message_id === message.id);
  }

  #unanswered(): readonly Said[] {
    const answered = new Set(
      [...new Set(this.#said.map(({ channel }) => channel))]
        .flatMap(({ messages }) => messages)
        .map(({ api }) => api.message_reference?.message_id),
    );
    return this.#said.filter(({ message }) => !answered.has(message.id));
  }

  #everythingAnswered(): Promise<void> {
    return vi.waitFor(
      () => {
        const unwritten = this.#unanswered().map(({ message }) => message.content);
        const unanswered = [...unwritten, ...(this.#clicks?.unanswered ?? [])];
        expect(unanswered, this.#program?.stderr.slice(-2_000)).toEqual([]);
      },
      { timeout: 30_000, interval: 20 },
    );
  }
}
