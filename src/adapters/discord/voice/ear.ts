import {
  type AudioReceiveStream,
  EndBehaviorType,
  type VoiceConnection,
  VoiceConnectionStatus,
} from '@discordjs/voice';
import type { Log } from '../../../domain/ports.ts';
import { GatheredSpeech, type Utterance, type UtteranceLimits } from './utterance.ts';

/** Whether a member has agreed to be heard there. */
export type MayHear = (scope: string, member: string) => boolean | Promise<boolean>;

export interface EarOptions {
  readonly scope: string;
  readonly mayHear: MayHear;
  readonly hear: (utterance: Utterance) => void;
  readonly isPerson: (member: string) => boolean;
  readonly limits: UtteranceLimits;
  readonly log: Log;
  /** In ms. */
  readonly now: () => number;
}

interface Speech {
  readonly gathered: GatheredSpeech;
  /** Until it is known, what is gathered is handed to nobody. */
  readonly consent: Promise<boolean>;
  silence: NodeJS.Timeout;
}

/** Hears those in one channel who have agreed to it, on one connection. Of others not a packet is opened. */
export class Ear {
  readonly #connection: VoiceConnection;
  readonly #channel: string;
  readonly #options: EarOptions;
  readonly #streams = new Map<string, AudioReceiveStream>();
  readonly #speeches = new Map<string, Speech>();
  readonly #begin = (member: string) => this.#listenTo(member);

  constructor(connection: VoiceConnection, channel: string, options: EarOptions) {
    this.#connection = connection;
    this.#channel = channel;
    this.#options = options;
    // It is emitted before the first packet is looked at, so not even that one is lost.
    connection.receiver.speaking.on('start', this.#begin);
  }

  /** What is not said to its end is forgotten. */
  close(): void {
    this.#connection.receiver.speaking.off('start', this.#begin);
    for (const { silence } of this.#speeches.values()) clearTimeout(silence);
    this.#speeches.clear();
    for (const stream of this.#streams.values()) stream.destroy();
    this.#streams.clear();
  }

  #listenTo(member: string): void {
    if (this.#streams.has(member) || !this.#options.isPerson(member)) return;
    const answer = this.#ask(member);
    if (answer === false) return;
    this.#startSpeech(member, Promise.resolve(answer));
    this.#subscribe(member);
  }

  #subscribe(member: string): void {
    const stream = this.#connection.receiver.subscribe(member, { end: { behavior: EndBehaviorType.Manual } });
    this.#streams.set(member, stream);
    stream.on('data', (packet: Buffer) => this.#take(member, packet));
    // A packet that cannot be opened ends the stream, and not the speech.
    stream.on('error', ({ message }) =>
      this.#options.log.warn('a packet was not understood', { reason: message }),
    );
    stream.once('close', () => {
      if (this.#streams.get(member) !== stream) return;
      this.#streams.delete(member);
      if (this.#connection.state.status !== VoiceConnectionStatus.Destroyed) this.#subscribe(member);
    });
  }

  #take(member: string, packet: Buffer): void {
    const { limits, now } = this.#options;
    const speech = this.#speeches.get(member) ?? this.#nextSpeech(member);
    if (speech === null) return;
    if (speech.gathered.add(packet, now())) speech.silence.refresh();
    if (speech.gathered.durationMs >= limits.longestMs) this.#endSpeech(member, { isCut: true });
  }

  /** Consent may have been withdrawn since the last one. */
  #nextSpeech(member: string): Speech | null {
    const answer = this.#ask(member);
    if (answer !== false) return this.#startSpeech(member, Promise.resolve(answer));
    const stream = this.#streams.get(member);
    this.#streams.delete(member);
    stream?.destroy();
    return null;
  }

  #startSpeech(member: string, consent: Promise<boolean>): Speech {
    const gathered = new GatheredSpeech();
    const silence = setTimeout(() => {
      const { count } = gathered;
      // Where the process was busy, packets may be waiting to be read.
      setImmediate(() => {
        if (this.#speeches.get(member) !== speech) return;
        if (gathered.count > count) silence.refresh();
        else this.#endSpeech(member, { isCut: false });
      });
    }, this.#options.limits.silenceMs);
    const speech: Speech = { gathered, consent, silence };
    this.#speeches.set(member, speech);
    return speech;
  }

  #endSpeech(member: string, { isCut }: { readonly isCut: boolean }): void {
    const speech = this.#speeches.get(member);
    if (speech === undefined) return;
    clearTimeout(speech.silence);
    this.#speeches.delete(member);
    const { scope, limits, log } = this.#options;
    const { gathered, consent } = speech;
    if (gathered.soundMs < limits.shortestMs) return;
    const { packets } = gathered;
    void this.#handOver({ scope, channel: this.#channel, member, packets, isCut }, consent).catch(
      (error: unknown) => log.error('what was heard', error),
    );
  }

  async #handOver(utterance: Utterance, consent: Promise<boolean>): Promise<void> {
    // Both when they began and now that they have ended.
    if ((await consent) && (await this.#ask(utterance.member))) this.#options.hear(utterance);
  }

  #ask(member: string): boolean | Promise<boolean> {
    const { mayHear, scope, log } = this.#options;
    const refuse = (error: unknown) => {
      log.error('whether somebody may be heard', error);
      return false;
    };
    try {
      const answer = mayHear(scope, member);
      return typeof answer === 'boolean' ? answer : answer.catch(refuse);
    } catch (error) {
      return refuse(error);
    }
  }
}
