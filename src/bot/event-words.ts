import type { EventData, Recorded } from '../domain/events.ts';
import { shorten } from '../domain/identifiers.ts';
import type { Words } from '../domain/languages/languages.ts';
import { excerpt, shownSeconds } from './words.ts';

/** What happened, in words that follow the actor's name: `asked “…”`. */
export function describeEvent(event: Recorded, words: Words): string {
  const { events } = words;
  switch (event.type) {
    case 'PredictionMade': {
      const { answer, messages, response, model, evaluation } = event.data;
      return events.asked({
        evaluation: evaluation === null ? null : shorten(evaluation),
        question: excerpt(messages.at(-1)?.content ?? ''),
        model: shorten(model),
        response: excerpt(response),
        answer: shorten(answer),
      });
    }
    case 'PredictionFailed': {
      const { answer, messages, model, reason } = event.data;
      return events.askedInVain({
        question: excerpt(messages.at(-1)?.content ?? ''),
        model: shorten(model),
        reason: excerpt(reason, 160),
        answer: shorten(answer),
      });
    }
    case 'CorrectionGiven': {
      const { answer, correction, text, question, review } = event.data;
      return events.corrected({
        answer: shorten(answer),
        text: excerpt(text),
        question: excerptOf(question),
        correction: shorten(correction),
        awaitsReview: review === 'required',
      });
    }
    case 'CorrectionApproved':
      return events.approved({
        ...correctionOf(event),
        text: excerptOf(event.data.text),
        question: excerptOf(event.data.question),
      });
    case 'CorrectionRejected':
      return events.rejected({ ...correctionOf(event), reason: excerptOf(event.data.reason) });
    case 'CorrectionWithdrawn':
      return events.withdrew(correctionOf(event));
    case 'FeedbackGiven': {
      const { answer, rating, remark } = event.data;
      return events.feedback({
        answer: answer === null ? null : shorten(answer),
        rating,
        remark: excerptOf(remark),
      });
    }
    case 'DatasetSelected': {
      const { dataset, examples, sources } = event.data;
      const from = excerpt(sources.map(({ path }) => path).join(', '));
      return events.selected({ examples, from, dataset: shorten(dataset) });
    }
    case 'DatasetBuilt': {
      const { dataset, examples, format } = event.data;
      return events.built({ dataset: shorten(dataset), examples, format });
    }
    case 'DatasetExamplesListed': {
      const { dataset, examples, firstLine } = event.data;
      return events.listed({ examples: examples.length, dataset: shorten(dataset), line: firstLine });
    }
    case 'DatasetArchived': {
      const { directory, files, path } = event.data;
      return events.archived({ files, directory, path });
    }
    case 'EvaluationRun': {
      const { evaluation, model, results, score } = event.data;
      return events.tested({
        model: shorten(model),
        questions: results.length,
        score: score === null ? null : score.toFixed(2),
        evaluation: shorten(evaluation),
      });
    }
    case 'ModelPromoted':
      return events.promoted({
        ...changeOf(event),
        evaluation: event.data.evaluation === null ? null : shorten(event.data.evaluation),
      });
    case 'ModelRolledBack':
      return events.rolledBack(changeOf(event));
    case 'ConsentGiven':
      return events.consented(event.data.member);
    case 'ConsentWithdrawn':
      return events.consentWithdrawn(event.data.member);
    case 'MemberErased':
      return events.erased(event.data.member);
    case 'PolicyRecorded':
      return events.policy(event.data.policy.permittedOrigins);
    case 'SettingsRecorded':
      return events.settings;
    case 'FileSent':
      return events.fileSent(event.data.path);
    case 'InstructionShown':
      return events.instructionShown;
    case 'VoiceJoined':
      return events.voiceJoined(event.data);
    case 'ProcessSeen':
      return events.processSeen;
    case 'VoiceLeft':
      return events.voiceLeft(event.data);
    case 'VoiceMessageTranscribed': {
      const { text, heard, durationMs, isCut, answer } = event.data;
      return events.said({
        text: excerpt(text),
        heard,
        seconds: shownSeconds(durationMs),
        isCut,
        answer: answer === null ? null : shorten(answer),
      });
    }
    case 'ReplySpoken':
      return describeSpoken(event.data, words);
    default:
      return describeJobEvent(event, words);
  }
}

function describeSpoken(
  { answer: id, channel, outcome, durationMs, reason }: EventData<'ReplySpoken'>,
  { events }: Words,
): string {
  const answer = shorten(id);
  switch (outcome) {
    case 'queued':
      return events.queuedToSay({ answer, channel });
    case 'dropped':
      return events.droppedReply({ answer, channel, reason: reason ?? 'failed' });
    default: {
      const seconds = shownSeconds(durationMs ?? 0);
      return events.heardReply({ answer, channel, seconds, wasSkipped: outcome === 'skipped' });
    }
  }
}

type TrainingEventType = Extract<Recorded['type'], `Training${string}`>;

function describeJobEvent(event: Recorded<TrainingEventType>, { events }: Words): string {
  const job = shorten(event.data.job);
  switch (event.type) {
    case 'TrainingRequested': {
      const { trainer, dataset } = event.data;
      return events.jobRequested({ job, trainer, dataset: shorten(dataset) });
    }
    case 'TrainingFileUploaded':
      return events.jobUploaded(job);
    case 'TrainingTaken':
      return events.jobTaken(job);
    case 'TrainingStarted':
      return events.jobStarted(job);
    case 'TrainingProgressed': {
      const { step, total, loss } = event.data;
      return events.jobProgressed({ job, step, total, loss: loss === null ? null : loss.toFixed(4) });
    }
    case 'TrainingSucceeded':
      return events.jobSucceeded({ job, model: shorten(event.data.model) });
    case 'TrainingFailed':
      return events.jobFailed({ job, reason: excerpt(event.data.reason, 160) });
    case 'TrainingCancelled':
      return events.jobCancelled(job);
  }
}

type OnCorrection = 'CorrectionApproved' | 'CorrectionRejected' | 'CorrectionWithdrawn';

function correctionOf({ data: { answer, correction } }: Recorded<OnCorrection>) {
  return { answer: shorten(answer), correction: shorten(correction) };
}

function changeOf({ data: { model, previous, reason } }: Recorded<'ModelPromoted' | 'ModelRolledBack'>) {
  return { model: shorten(model), previous: shorten(previous), reason: excerptOf(reason) };
}

function excerptOf(text: string | null): string | null {
  return text === null ? null : excerpt(text);
}
