import { createHash } from 'node:crypto';
import { complaintOf } from '../../domain/complaint.ts';
import type { EventData, Recorded } from '../../domain/events.ts';
import { deriveId } from '../../domain/identifiers.ts';
import type { DecodedSound, SoundDecoder, SourceFile } from '../../domain/ports.ts';
import { Refusal } from '../../domain/refusal.ts';
import { streamName } from '../../domain/streams.ts';
import type { SpeechInput, UtteranceInput } from '../../domain/surface.ts';
import { MemberText } from '../../domain/text.ts';
import { utteranceDecider } from '../../domain/utterance.ts';
import { findAnswer } from '../../projections/answers.ts';
import { findMember } from '../../projections/members.ts';
import type { ReadModels } from '../../projections/projector.ts';
import type { Answered, CommandContext } from '../command.ts';
import { shownMember } from '../voice-place.ts';
import { ask, usedId } from './conversation.ts';

type Transcribed = EventData<'VoiceMessageTranscribed'>;

/**
 * What somebody said, in a recording or aloud: it is written down, and then answered as if it had been typed. What
 * was written down before a crash is not written down again.
 */
export async function hear(context: CommandContext, input: SpeechInput | UtteranceInput): Promise<Answered> {
  const { words } = context;
  if (input.kind === 'utterance') await requireConsent(context);
  const transcribed = context.prior === null ? await transcribe(context, input) : from(context.prior);
  if (transcribed === null) return { text: '' };
  const { text, answer, isCut, durationMs } = transcribed;
  const heard = [
    input.kind === 'speech'
      ? words.voice.heard(text)
      : words.voice.overheard({ member: shownMember(transcribed.member, context.incoming), text }),
    ...(isCut ? [words.voice.cut(Math.round(durationMs / 1_000))] : []),
  ].join('\n');
  if (answer === null) return { text: heard, data: { ...transcribed } };
  const answered = await answerOnce(context, answer, questionIn(text, input) ?? text);
  return { ...answered, text: `${heard}\n${answered.text}`, data: { ...answered.data, ...transcribed } };
}

/** Whether a member has consented to being heard. */
export async function mayHear({ db }: ReadModels, scope: string, member: string): Promise<boolean> {
  return (await findMember(db, scope, member))?.consent === 'consented';
}

export function cannotHear(): Refusal {
  return new Refusal(({ voice }) => voice.cannotHear);
}

async function requireConsent({ services, cause }: CommandContext): Promise<void> {
  if (await mayHear(services.readModels, cause.scope, cause.actor)) return;
  throw new Refusal(({ voice }) => voice.listening.notConsented);
}

/** Where the words were recorded and the answer was not, the answer is still to be given. */
async function answerOnce(context: CommandContext, answer: string, question: string): Promise<Answered> {
  const { services, cause, prior } = context;
  const given = await findAnswer(services.readModels.db, cause.scope, answer);
  return ask({ ...context, prior: given === undefined ? null : prior }, question);
}

function from(prior: Recorded): Transcribed {
  if (prior.type !== 'VoiceMessageTranscribed') throw usedId();
  return prior.data;
}

/** Null where nothing was said aloud, as where somebody coughed. */
async function transcribe(
  context: CommandContext,
  input: SpeechInput | UtteranceInput,
): Promise<Transcribed | null> {
  const { cause, services } = context;
  const { commandId, scope, actor: member } = cause;
  const { transcriber } = services;
  if (transcriber === null) throw cannotHear();
  const { sound, sha256 } = await decode(services.soundDecoder, input);
  const said = await transcriber.transcribe({ content: sound.wav, format: 'wav' });
  if (said.trim() === '') {
    if (input.kind === 'utterance') return null;
    throw new Refusal(({ voice }) => voice.nothingSaid);
  }
  const utterance = deriveId(commandId, 'utterance');
  const text = checked(said.trim());
  const transcribed: Transcribed = {
    utterance,
    answer: questionIn(text, input) === null ? null : deriveId(commandId, 'answer'),
    member,
    text,
    heard: input.kind === 'speech' ? 'file' : 'channel',
    durationMs: Math.round(sound.durationMs),
    isCut: sound.isCut || (input.kind === 'utterance' && input.isCut),
    sha256,
  };
  await context.handle(streamName(scope, 'utterance', utterance), utteranceDecider, {
    kind: 'record transcript',
    transcribed,
  });
  return transcribed;
}

function checked(text: string): string {
  const parsed = MemberText.safeParse(text);
  if (parsed.success) return parsed.data;
  const complaint = complaintOf(parsed.error);
  throw new Refusal((words) => words.conversation.cannotAnswer(complaint(words)));
}

async function decode(
  soundDecoder: SoundDecoder | null,
  input: SpeechInput | UtteranceInput,
): Promise<{ readonly sound: DecodedSound; readonly sha256: string }> {
  if (soundDecoder === null) throw new Refusal(({ voice }) => voice.cannotDecode);
  if (input.kind === 'utterance') {
    const sound = await soundDecoder.decodePackets(input.packets);
    return { sound, sha256: createHash('sha256').update(sound.wav).digest('hex') };
  }
  const [file, ...others] = input.sounds;
  if (file === undefined) throw new Error('a speech has no sound');
  if (others.length > 0) throw new Refusal(({ voice }) => voice.oneAtATime(input.sounds.length));
  const hashed = new HashedFile(file);
  const sound = await soundDecoder.decode(hashed);
  return { sound, sha256: await hashed.sha256() };
}

/** What of it is for the bot, with what was written along; null where it was said to others. */
function questionIn(text: string, input: SpeechInput | UtteranceInput): string | null {
  if (input.kind === 'speech') return input.text === '' ? text : `${input.text}\n${text}`;
  if (input.calledBy === null) return text;
  for (const name of input.calledBy) {
    const question = afterName(text, name);
    if (question !== null) return question;
  }
  return null;
}

/** `Ledger, when do you open?` is a question to `Ledger`, however it is punctuated. */
function afterName(text: string, name: string): string | null {
  const called = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (called.length === 0) return null;
  const gap = '[^\\p{L}\\p{N}]';
  const [, question] = new RegExp(`^${gap}*${called.join(`${gap}*`)}${gap}+(.+)$`, 'ius').exec(text) ?? [];
  return question ?? null;
}

/** Knows the hash of what was read of it. */
class HashedFile implements SourceFile {
  readonly path: string;
  readonly bytes: number;
  readonly #file: SourceFile;
  #sha256: string | null = null;

  constructor(file: SourceFile) {
    this.path = file.path;
    this.bytes = file.bytes;
    this.#file = file;
  }

  async *read(): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    for await (const piece of this.#file.read()) {
      hash.update(piece);
      yield piece;
    }
    this.#sha256 = hash.digest('hex');
  }

  /** Reads it where nobody has read it to the end. */
  async sha256(): Promise<string> {
    if (this.#sha256 === null) for await (const _ of this.read());
    if (this.#sha256 === null) throw new Error('a file has no end');
    return this.#sha256;
  }
}
