import { counted } from './counted.ts';

interface Server {
  /** Host and port. */
  readonly host: string;
}

interface ServerJob extends Server {
  /** As the server names it. */
  readonly job: string;
}

interface Line {
  readonly line: number;
  readonly dataset: string;
  /** In the words of `reasons`. */
  readonly reason: string;
}

/** What became of a job that nobody follows any more. */
export type LeftBehind = 'ended' | 'may go on';

const leftBehind: Readonly<Record<LeftBehind, string>> = {
  ended: 'it was cancelled there',
  'may go on': 'it may go on there and cost, so cancel it there',
};

/** Of servers that speak OpenAI's API: models that answer, and training. */
export const openai = {
  notes: {
    contextCut: (messages: number) =>
      `The ${messages === 1 ? 'earliest message' : `${messages} earliest messages`} of this conversation did not fit into the model's window and had no part in the answer.`,
    answerCut: 'The answer reached the most that it may be long, and ends in the middle.',
  },
  /** Why a server did not do what it was asked for, and what to do. */
  faults: {
    keyRefused: ({ host, variable }: Server & { variable: string }) =>
      `The server at ${host} does not accept the key; check ${variable}.`,
    forbidden: ({ host, message }: Server & { message: string }) =>
      `The server at ${host} does not allow this (${message}); check what the key may be used for.`,
    notFound: ({ host, message }: Server & { message: string }) =>
      `The server at ${host} does not have what was asked for (${message}); check the model and the URL.`,
    quota: ({ host }: Server) =>
      `The account at ${host} has no credit left; add some, or choose another server.`,
    busy: ({ host, seconds }: Server & { seconds: number | null }) =>
      `The server at ${host} is asked too often; try again ${seconds === null ? 'in a minute' : `in ${counted(seconds, 'second')}`}.`,
    refused: ({ host, status, message }: Server & { status: number; message: string }) =>
      `The server at ${host} refused the request (${status}: ${message}); check the settings for it.`,
    broken: ({ host, status }: Server & { status: number | null }) =>
      `The server at ${host} has a fault of its own${status === null ? '' : ` (${status})`}; try again later.`,
    tooSlow: ({ host }: Server) =>
      `The server at ${host} did not answer in time; try again later, or allow more time with OPENAI_TIMEOUT_SECONDS.`,
    certificate: ({ host, code }: Server & { code: string }) =>
      `The certificate of the server at ${host} is not valid (${code}); check the URL, the clock of this machine and, for a certificate of your own, NODE_EXTRA_CA_CERTS.`,
    unreachable: ({ host, code }: Server & { code: string | null }) =>
      `The server at ${host} cannot be reached${code === null ? '' : ` (${code})`}; check that it runs and that the URL is right.`,
    unreadable: ({ host }: Server) =>
      `What the server at ${host} answered cannot be read; try again, or check that it speaks OpenAI's API.`,
  },
  answering: {
    questionTooLong: ({ model, window }: { model: string; window: number }) =>
      `The question is longer than the ${counted(window, 'token')} that the model ${model} can take; ask a shorter one.`,
    unknownModel: ({ host, model }: Server & { model: string }) =>
      `The server at ${host} has no model ${model}; promote another one, or check where the model is served.`,
    empty: ({ model }: { model: string }) =>
      `The model ${model} gave an empty answer; ask again in other words.`,
    filtered: ({ host }: Server) =>
      `The server at ${host} held the answer back because of its content; ask in other words.`,
    questionFlagged: (categories: readonly string[]) =>
      `The question was not passed on because moderation flagged it (${categories.join(', ')}); put it in other words.`,
    answerFlagged: (categories: readonly string[]) =>
      `The answer is not shown because moderation flagged it (${categories.join(', ')}); ask in other words.`,
  },
  dataset: {
    line: ({ line, dataset, reason }: Line) =>
      `Line ${line} of the dataset ${dataset} cannot be trained on because ${reason}; correct it or leave it out.`,
    /** As they follow "because". */
    reasons: {
      unreadable: 'it is no example of this format',
      reserved: (token: string) => `${token} stands in it, which is reserved for models`,
      tooLong: ({ tokens, most }: { tokens: number; most: number }) =>
        `it has ${counted(tokens, 'token')} where ${most} are allowed`,
    },
    unprepared: ({ dataset, message }: { dataset: string; message: string }) =>
      `The dataset ${dataset} could not be prepared for the server (${message}); check the disk and train again.`,
    tooFew: ({
      dataset,
      trained,
      heldOut,
      least,
    }: {
      dataset: string;
      trained: number;
      heldOut: number;
      least: number;
    }) =>
      `The dataset ${dataset} has ${counted(trained, 'example')} to train on${heldOut === 0 ? '' : ` beside ${heldOut} held out for validation`}, but the server takes no fewer than ${least}; collect more corrections first.`,
    tooLarge: ({ dataset, megabytes }: { dataset: string; megabytes: number }) =>
      `The dataset ${dataset} is larger than the ${megabytes} MB that the server takes; train on a smaller one.`,
    format: ({ dataset, format }: { dataset: string; format: string }) =>
      `The dataset ${dataset} is for ${format}, which the server does not train; it takes sft and dpo.`,
  },
  hyperparameters: {
    unknown: ({ name, known }: { name: string; known: readonly string[] }) =>
      `There is no hyperparameter ${name} for this training; there are ${known.join(', ')}.`,
    wrong: ({ name, value, allowed }: { name: string; value: string; allowed: string }) =>
      `The hyperparameter ${name} is ${value}, but it must be ${allowed}.`,
    /** What they must be. */
    allowed: {
      whole: ({ least, most }: { least: number; most: number }) =>
        `auto or a whole number from ${least} to ${most}`,
      positive: 'auto or a number above 0',
      positiveUpTo: (most: number) => `auto or a number above 0 and at most ${most}`,
      seed: (most: number) => `a whole number from 0 to ${most}`,
    },
  },
  training: {
    fileUnusable: ({ host, message }: Server & { message: string }) =>
      `The server at ${host} cannot use the uploaded training file (${message}); correct the dataset and train again.`,
    fileVanished: ({ host }: Server) =>
      `The uploaded training file vanished from the server at ${host} more than once; train again later.`,
    inDoubt: ({ host, label }: Server & { label: string }) =>
      `Whether the server at ${host} has made the job could not be found out; look there for a job with ${label} in its metadata before you train again, because another job would cost again.`,
    failed: ({ host, job, message }: ServerJob & { message: string }) =>
      `The job ${job} failed on the server at ${host} (${message}); correct that and train again.`,
    withoutReason: 'it does not say why',
    cancelledThere: ({ host, job }: ServerJob) =>
      `The job ${job} was cancelled on the server at ${host}; train again if that was not meant.`,
    gone: ({ host, job }: ServerJob) =>
      `The server at ${host} does not know the job ${job} any more; if it was not deleted on purpose, check the account and train again.`,
    noModel: ({ host, job }: ServerJob) =>
      `The job ${job} succeeded on the server at ${host}, but the server names no model that came of it; look there, or train again.`,
    silent: ({
      host,
      job,
      hours,
      status,
      left,
    }: ServerJob & { hours: number; status: string; left: LeftBehind }) =>
      `The job ${job} on the server at ${host} has shown no sign of life for ${counted(hours, 'hour')} and is still “${status}”; ${leftBehind[left]} and train again.`,
    lost: ({ job, hours, fault }: { job: string; hours: number; fault: string }) =>
      `The job ${job} could not be followed for ${counted(hours, 'hour')}, and it may go on and cost, so cancel it on the server if it is not wanted. ${fault}`,
    cannotEnd: ({ host, job }: ServerJob) =>
      `The job ${job} could not be cancelled on the server at ${host}; cancel it there, since it may cost.`,
    notStarted: 'The job has not started on the server yet; try again in a moment.',
  },
  transcription: {
    tooLarge: (megabytes: number) => `The recording is larger than ${megabytes} MB; send a shorter one.`,
  },
};
