import { parentPort } from 'node:worker_threads';
import { READY } from '../ready.ts';
import { Niceness, standBack } from '../thread-priority.ts';
import { loadEspeak } from './espeak-package.ts';
import { type EspeakReply, EspeakRequest } from './espeak-protocol.ts';

/** So that the first sound is there soon, and what follows comes in pieces that are worth the way. */
const FIRST_PIECE_SECONDS = 0.3;
const LONGEST_PIECE_SECONDS = 5;

standBack(Niceness.speaking);

const espeak = await loadEspeak();

parentPort?.on('message', (message) => {
  const request = EspeakRequest.parse(message);
  try {
    say(request);
    reply({ kind: 'said', id: request.id });
  } catch (error) {
    reply({ kind: 'failed', id: request.id, reason: error instanceof Error ? error.message : String(error) });
  }
});

parentPort?.postMessage(READY);

function say({ id, ssml, voice }: EspeakRequest): void {
  if (espeak.set_voice(voice) !== 0) throw new Error(`eSpeak NG has no voice ${voice}`);
  const rate = espeak.get_samplerate();
  let pieces: Int16Array[] = [];
  let gathered = 0;
  let wanted = FIRST_PIECE_SECONDS * rate;
  const send = () => {
    const samples = gather(pieces, gathered);
    pieces = [];
    gathered = 0;
    wanted = Math.min(2 * wanted, LONGEST_PIECE_SECONDS * rate);
    reply({ kind: 'sound', id, rate, samples }, samples.buffer);
  };
  espeak.synthesize(ssml, (samples) => {
    if (samples !== null && samples.length > 0) {
      pieces.push(samples);
      gathered += samples.length;
    }
    if (gathered >= wanted) send();
    return false;
  });
  if (gathered > 0) send();
}

function gather(pieces: readonly Int16Array[], length: number): Int16Array<ArrayBuffer> {
  const all = new Int16Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function reply(message: EspeakReply, ...transfer: readonly ArrayBuffer[]): void {
  parentPort?.postMessage(message, [...transfer]);
}
