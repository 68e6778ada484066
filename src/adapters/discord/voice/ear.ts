import {
  type AudioReceiveStream,
  EndBehaviorType,
  type VoiceConnection,
  VoiceConnectionStatus,
} from '@discordjs/voice';
import type { Log } from '../../../domain/ports.ts';
import type { Consents } from './consents.ts';
import { GatheredSpeech, type Utterance, type UtteranceLimits } from './utterance.ts';

export interface EarOptions {
  readonly scope: string;
  readonly consents: Pick<Consents, 'has' | 'learn'>;
  readonly hear: (utterance: Utterance) => void;
  readonly isPerson: (member: string) => boolean;
  readonly limits: UtteranceLimits;
  readonly log: Log;
  /** In ms. */
  readonly now: () => number;
}

interface Speech {
  readonly gathered: GatheredSpeech;
  silence: NodeJS.Timeout;
  /** How many packets of it could not be opened. */
  broken: number;
}

/** Hears those in one channel who have agreed to it, on one connection. Of others not a packet is opened. */
export class Ear {
  readonly #connection: VoiceConnection;
  readonly #channel: string;
  readonly #options: EarOptions;
  readonly #streams = new Map<string, AudioReceiveStream>();
  readonly #speeches = new Map<string, Speech>();
  #isClosed = false;
  readonly #begin = (member: string) => this.#someoneSpeaks(member);

  constructor(connection: VoiceConnection, channel: string, options: EarOptions) {
    this.#connection = connection;
    this.#channel = channel;
    this.#options = options;
    // It is emitted before the first packet is looked at, so not even that one is lost.
    connection.receiver.speaking.on('start', this.#begin);
  }

  /** What is not said to its end is forgotten. */
  close(): void {
    this.#isClosed = true;
    this.#connection.receiver.speaking.off('start', this.#begin);
    for (const member of [...this.#speeches.keys(), ...this.#streams.keys()]) this.#forget(member);
  }

  /** Somebody has agreed, perhaps while they speak; or has not any more, and what they were saying is forgotten. */
  consentIs(member: string, agreed: boolean): void {
    if (!agreed) this.#forget(member);
    else if (this.#connection.receiver.speaking.users.has(member)) this.#listenTo(member);
  }

  #someoneSpeaks(member: string): void {
    const { consents, isPerson } = this.#options;
    this.#listenTo(member);
    // Whoever has agreed elsewhere, or could not be asked before, is heard from the answer on.
    if (!consents.has(member) && isPerson(member)) void consents.learn([member]);
  }

  #listenTo(member: string): void {
    const { consents, isPerson } = this.#options;
    if (!this.#streams.has(member) && consents.has(member) && isPerson(member)) this.#subscribe(member);
  }

  #subscribe(member: string): void {
    const { receiver } = this.#connection;
    // One that is about to close makes room for another.
    if (receiver.subscriptions.get(member)?.destroyed === true) return;
    const stream = receiver.subscribe(member, { end: { behavior: EndBehaviorType.Manual } });
    this.#streams.set(member, stream);
    stream.on('data', (packet: Buffer) => this.#take(member, packet));
    // A packet that cannot be opened ends the stream, and not the speech.
    stream.on('error', ({ message }) => this.#missPacket(member, message));
    stream.once('close', () => {
      if (this.#streams.get(member) === stream) this.#streams.delete(member);
      const isOver = this.#isClosed || this.#connection.state.status === VoiceConnectionStatus.Destroyed;
      if (!isOver) this.#listenTo(member);
    });
  }

  #forget(member: string): void {
    clearTimeout(this.#speeches.get(member)?.silence);
    this.#speeches.delete(member);
    const stream = this.#streams.get(member);
    this.#streams.delete(member);
    stream?.destroy();
  }

  #take(member: string, packet: Buffer): void {
    const { limits, now, consents } = this.#options;
    if (!consents.has(member)) return;
    const speech = this.#speeches.get(member) ?? this.#startSpeech(member);
    if (speech.gathered.add(packet, now())) speech.silence.refresh();
    if (speech.gathered.durationMs >= limits.longestMs) this.#endSpeech(member, { isCut: true });
  }

  /** They speak, though not all of it is heard. */
  #missPacket(member: string, reason: string): void {
    const { consents, log } = this.#options;
    if (!consents.has(member)) return;
    const speech = this.#speeches.get(member) ?? this.#startSpeech(member);
    speech.broken += 1;
    speech.silence.refresh();
    // Once in a speech: where the key is wrong, it is every packet.
    if (speech.broken === 1) log.warn('a packet was not understood', { reason });
  }

  #startSpeech(member: string): Speech {
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
    const speech: Speech = { gathered, silence, broken: 0 };
    this.#speeches.set(member, speech);
    return speech;
  }

  #endSpeech(member: string, { isCut }: { readonly isCut: boolean }): void {
    const speech = this.#speeches.get(member);
    if (speech === undefined) return;
    clearTimeout(speech.silence);
    this.#speeches.delete(member);
    const { limits, log } = this.#options;
    if (speech.gathered.soundMs < limits.shortestMs) return;
    const { packets } = speech.gathered;
    void this.#handOver(member, packets, isCut).catch((error: unknown) => log.error('what was heard', error));
  }

  /** The ledger is asked once more: another process may have recorded that they do not agree any more. */
  async #handOver(member: string, packets: readonly Uint8Array[], isCut: boolean): Promise<void> {
    const { consents, scope, hear } = this.#options;
    await consents.learn([member]);
    if (consents.has(member)) hear({ scope, channel: this.#channel, member, packets, isCut });
  }
}
