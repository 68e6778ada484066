import { counted } from './counted.ts';
import type { Origin } from './datasets.ts';

/** What stands between a deed and its reason. */
function because(reason: string | null): string {
  return reason === null ? '' : `, because: ${reason}`;
}

type VoiceReason = 'asked' | 'to_speak' | 'moved' | 'idle' | 'alone' | 'disconnected' | 'closing';
type DropReason = 'silenced' | 'left' | 'no_voice' | 'nothing_to_say' | 'queue_full' | 'failed';

const voiceReasons: Readonly<Record<VoiceReason, string>> = {
  asked: 'as was asked',
  to_speak: 'to say an answer',
  moved: 'where somebody had moved it',
  idle: 'since nothing was said for long',
  alone: 'since nobody was left there',
  disconnected: 'since it was disconnected',
  closing: 'since it was closing',
};

const dropReasons: Readonly<Record<DropReason, string>> = {
  silenced: 'the bot was silenced',
  left: 'the bot had left',
  no_voice: 'the bot has no voice',
  nothing_to_say: 'there is nothing in it that can be said',
  queue_full: 'too many were waiting',
  failed: 'it could not be played',
};

/**
 * What happened, in words that follow the name of who did it, as `line` puts them together. Ids come as they are
 * to be shown, and what people wrote as excerpts.
 */
export const events = {
  line: ({
    time,
    actor,
    happened,
    event,
  }: {
    time: string;
    actor: string;
    happened: string;
    event: string;
  }) => `${time} ${actor} ${happened} [event ${event}]`,
  asked: ({
    evaluation,
    question,
    model,
    response,
    answer,
  }: {
    evaluation: string | null;
    question: string;
    model: string;
    response: string;
    answer: string;
  }) =>
    `asked${evaluation === null ? '' : ` in evaluation ${evaluation}`} “${question}” and model ${model} answered “${response}” (answer ${answer})`,
  askedInVain: ({
    question,
    model,
    reason,
    answer,
  }: {
    question: string;
    model: string;
    reason: string;
    answer: string;
  }) => `asked “${question}” and model ${model} could not answer: ${reason} (answer ${answer})`,
  corrected: ({
    answer,
    text,
    question,
    correction,
    awaitsReview,
  }: {
    answer: string;
    text: string;
    /** Where the better answer came with a question of its own. */
    question: string | null;
    correction: string;
    awaitsReview: boolean;
  }) =>
    `corrected answer ${answer} to “${text}”${question === null ? '' : ` for the question “${question}”`} (correction ${correction}${awaitsReview ? ', to be reviewed' : ''})`,
  /** The text and the question are what the correction was edited to. */
  approved: ({
    answer,
    correction,
    text,
    question,
  }: {
    answer: string;
    correction: string;
    text: string | null;
    question: string | null;
  }) => {
    const edited = [
      ...(text === null ? [] : [`as “${text}”`]),
      ...(question === null ? [] : [`for the question “${question}”`]),
    ];
    return [`approved correction ${correction} of answer ${answer}`, ...edited].join(' ');
  },
  rejected: ({ answer, correction, reason }: { answer: string; correction: string; reason: string | null }) =>
    `rejected correction ${correction} of answer ${answer}${because(reason)}`,
  withdrew: ({ answer, correction }: { answer: string; correction: string }) =>
    `withdrew correction ${correction} of answer ${answer}`,
  /** Rated, remarked or both. */
  feedback: ({
    answer,
    rating,
    remark,
  }: {
    answer: string | null;
    rating: 'up' | 'down' | null;
    remark: string | null;
  }) => {
    const rated = rating === null ? [] : [`gave thumbs ${rating}`];
    const remarked = remark === null ? [] : [`remarked “${remark}”`];
    return `${[...rated, ...remarked].join(' and ')} ${answer === null ? 'in general' : `on answer ${answer}`}`;
  },
  selected: ({ examples, from, dataset }: { examples: number; from: string; dataset: string }) =>
    `took ${counted(examples, 'example')} from ${from} as dataset ${dataset}`,
  built: ({ dataset, examples, format }: { dataset: string; examples: number; format: string }) =>
    `built dataset ${dataset} with ${counted(examples, 'example')} (${format})`,
  listed: ({ examples, dataset, line }: { examples: number; dataset: string; line: number }) =>
    `listed ${counted(examples, 'example')} of dataset ${dataset} from line ${line} on`,
  archived: ({ files, directory, path }: { files: number; directory: string; path: string }) =>
    `archived ${counted(files, 'file')} of ${directory} in ${path}`,
  tested: ({
    model,
    questions,
    score,
    evaluation,
  }: {
    model: string;
    questions: number;
    score: string | null;
    evaluation: string;
  }) =>
    `tested model ${model} with ${counted(questions, 'question')}${score === null ? '' : `, score ${score}`} (evaluation ${evaluation})`,
  promoted: ({
    model,
    previous,
    reason,
    evaluation,
  }: {
    model: string;
    previous: string;
    reason: string | null;
    evaluation: string | null;
  }) =>
    `promoted model ${model} in place of model ${previous}${evaluation === null ? '' : ` after evaluation ${evaluation}`}${because(reason)}`,
  rolledBack: ({ model, previous, reason }: { model: string; previous: string; reason: string | null }) =>
    `went back to model ${model} from model ${previous}${because(reason)}`,
  consented: (member: string) => `recorded the consent of ${member}`,
  consentWithdrawn: (member: string) => `recorded that ${member} withdrew consent`,
  erased: (member: string) => `erased ${member}`,
  /** @param origins of the texts that may be trained on */
  policy: (origins: readonly Origin[]) =>
    `recorded the policy: ${origins.length === 0 ? 'nothing' : `what came by ${origins.join(', ')}`} may be trained on`,
  settings: 'changed the settings',
  fileSent: (path: string) => `was sent the file ${path}`,
  instructionShown: 'read the instructions',
  processSeen: 'went on with its jobs',
  voiceJoined: ({ channel, reason }: { channel: string; reason: VoiceReason }) =>
    reason === 'asked'
      ? `called the bot into the voice channel ${channel}`
      : `had the bot come into the voice channel ${channel}, ${voiceReasons[reason]}`,
  voiceLeft: ({ channel, reason }: { channel: string; reason: VoiceReason }) =>
    reason === 'asked'
      ? `sent the bot out of the voice channel ${channel}`
      : `had the bot leave the voice channel ${channel}, ${voiceReasons[reason]}`,
  said: ({
    text,
    heard,
    seconds,
    isCut,
    answer,
  }: {
    text: string;
    heard: 'file' | 'channel';
    seconds: string;
    isCut: boolean;
    answer: string | null;
  }) =>
    `said “${text}” ${heard === 'file' ? 'in a recording' : 'in the voice channel'} of ${seconds} s${isCut ? ', cut' : ''}${answer === null ? '' : ` (answer ${answer})`}`,
  queuedToSay: ({ answer, channel }: { answer: string; channel: string }) =>
    `had answer ${answer} put in the queue of the voice channel ${channel}`,
  heardReply: ({
    answer,
    channel,
    seconds,
    wasSkipped,
  }: {
    answer: string;
    channel: string;
    seconds: string;
    wasSkipped: boolean;
  }) =>
    `${wasSkipped ? 'had answer' : 'heard answer'} ${answer} ${wasSkipped ? 'skipped ' : ''}in the voice channel ${channel}, ${seconds} s of it`,
  droppedReply: ({ answer, channel, reason }: { answer: string; channel: string; reason: DropReason }) =>
    `did not hear answer ${answer} in the voice channel ${channel}: ${dropReasons[reason]}`,
  jobRequested: ({ job, trainer, dataset }: { job: string; trainer: string; dataset: string }) =>
    `requested job ${job}: training by ${trainer} on dataset ${dataset}`,
  jobUploaded: (job: string) => `uploaded the training file of job ${job}`,
  jobTaken: (job: string) => `took on job ${job}`,
  jobStarted: (job: string) => `started job ${job}`,
  jobProgressed: ({
    job,
    step,
    total,
    loss,
  }: {
    job: string;
    step: number;
    total: number;
    loss: string | null;
  }) => `brought job ${job} to step ${step} of ${total}${loss === null ? '' : `, loss ${loss}`}`,
  jobSucceeded: ({ job, model }: { job: string; model: string }) => `finished job ${job} with model ${model}`,
  jobFailed: ({ job, reason }: { job: string; reason: string }) => `failed in job ${job}: ${reason}`,
  jobCancelled: (job: string) => `cancelled job ${job}`,
};
