import { Readable } from 'node:stream';
import {
  type AudioPlayer,
  AudioPlayerStatus,
  AudioResource,
  createAudioPlayer,
  NoSubscriberBehavior,
  type VoiceConnection,
} from '@discordjs/voice';
import type { Log, SpokenPart, Voice } from '../../../domain/ports.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { DropReason, SpokenReply } from '../../../domain/voice.ts';

/** How far ahead of what is heard the sentences are made, in packets of 20 ms. */
const AHEAD = 1_500;
/** How long it may take to make the next sentence, in packets; silence is sent meanwhile. */
const PATIENCE = 250;
/** So that what was heard last does not stay in the ear: as many packets as the library itself sends. */
const SILENCE_AFTER = 5;

/** Why what is spoken is to end, as the reason of its signal. */
export type Interruption = 'skipped' | DropReason;

/** What became of a reply. */
export type Spoken =
  | { readonly kind: 'spoken' | 'skipped'; readonly durationMs: number }
  | { readonly kind: 'dropped'; readonly reason: DropReason };

/** A reply of which the beginning can be heard. */
export interface Beginning {
  readonly kind: 'beginning';
  readonly first: SpokenPart;
  readonly rest: AsyncIterator<SpokenPart>;
}

/** Turns replies into sound on whatever connection there is; it waits where there is none for a moment. */
export class Speaker {
  readonly #voice: Voice;
  readonly #log: Log;
  readonly #player: AudioPlayer;

  constructor({ voice, log }: { readonly voice: Voice; readonly log: Log }) {
    this.#voice = voice;
    this.#log = log;
    this.#player = createAudioPlayer({
      behaviors: { noSubscriber: NoSubscriberBehavior.Pause, maxMissedFrames: PATIENCE },
    });
    this.#player.on('error', ({ message }) => log.warn('a voice stream broke', { reason: message }));
  }

  /** From now on it is heard there. */
  speakOn(connection: VoiceConnection): void {
    connection.subscribe(this.#player);
  }

  /** Makes the first sentence, or says what became of the reply where there is none. */
  async begin({ text, language }: SpokenReply, signal: AbortSignal): Promise<Beginning | Spoken> {
    const rest = this.#voice.speak(text, language, signal)[Symbol.asyncIterator]();
    try {
      const first = await unlessAborted(firstSound(rest), signal);
      if (first === null) return { kind: 'dropped', reason: 'nothing_to_say' };
      return { kind: 'beginning', first, rest };
    } catch (error) {
      if (signal.aborted) return interrupted(signal, 0);
      return this.#failed(error);
    }
  }

  /** Resolves when the last packet of it is sent, or when the signal fires with an Interruption. */
  async speak(beginning: Beginning, signal: AbortSignal): Promise<Spoken> {
    let fault: unknown;
    let isWhole = false;
    async function* packets(): AsyncGenerator<Buffer> {
      try {
        yield* asBuffers(beginning.first);
        for (;;) {
          const { done, value } = await beginning.rest.next();
          if (done === true) break;
          yield* asBuffers(value);
        }
        isWhole = true;
      } catch (error) {
        // What was made is heard all the same.
        fault = error;
      } finally {
        await beginning.rest.return?.();
      }
    }
    const stream = Readable.from(packets(), { highWaterMark: AHEAD });
    // createAudioResource looks for ffmpeg by running it, and everything else stands still meanwhile.
    const resource = new AudioResource([], [stream], null, SILENCE_AFTER);
    await this.#play(resource, signal);
    const durationMs = resource.playbackDuration;
    if (signal.aborted) return interrupted(signal, durationMs);
    if (fault !== undefined) return this.#failed(fault);
    return isWhole ? { kind: 'spoken', durationMs } : { kind: 'dropped', reason: 'failed' };
  }

  stop(): void {
    this.#player.stop(true);
  }

  async #play(resource: AudioResource, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const player = this.#player;
    const silent = new Promise((resolve) => player.once(AudioPlayerStatus.Idle, resolve));
    const stop = () => player.stop(true);
    signal.addEventListener('abort', stop, { once: true });
    player.play(resource);
    await silent;
    signal.removeEventListener('abort', stop);
  }

  #failed(error: unknown): Spoken {
    if (error instanceof Refusal) {
      this.#log.info('there is no voice', { reason: error.message });
      return { kind: 'dropped', reason: 'no_voice' };
    }
    this.#log.error('a voice failed', error);
    return { kind: 'dropped', reason: 'failed' };
  }
}

/** @param signal one that has fired, for an Interruption */
export function interrupted(signal: AbortSignal, durationMs: number): Spoken {
  const interruption: Interruption = signal.reason;
  return interruption === 'skipped'
    ? { kind: 'skipped', durationMs }
    : { kind: 'dropped', reason: interruption };
}

/** @throws the reason of the signal, as soon as it fires */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    // It may still fail, when nobody asks any more.
    work.catch(() => undefined);
  }
}

async function firstSound(parts: AsyncIterator<SpokenPart>): Promise<SpokenPart | null> {
  for (;;) {
    const { done, value } = await parts.next();
    if (done === true) return null;
    if (value.packets.length > 0) return value;
  }
}

/** The library compares packets as buffers. */
function* asBuffers({ packets }: SpokenPart): Generator<Buffer> {
  for (const { buffer, byteOffset, byteLength } of packets) yield Buffer.from(buffer, byteOffset, byteLength);
}
