import type { Recorded } from '../domain/events.ts';
import type { Policy } from '../domain/policy.ts';
import { counted, excerpt, named } from './words.ts';

/** What happened, in words that follow the actor's name: `asked “…”`. */
export function describeEvent(event: Recorded): string {
  switch (event.type) {
    case 'PredictionMade': {
      const { answer, messages, response, model, evaluation } = event.data;
      const question = evaluation === null ? 'asked' : `asked in ${named('evaluation', evaluation)}`;
      return `${question} “${excerpt(messages.at(-1)?.content ?? '')}” and ${named('model', model)} answered “${excerpt(response)}” (${named('answer', answer)})`;
    }
    case 'PredictionFailed': {
      const { answer, messages, model, reason } = event.data;
      return `asked “${excerpt(messages.at(-1)?.content ?? '')}” and ${named('model', model)} could not answer: ${excerpt(reason, 160)} (${named('answer', answer)})`;
    }
    case 'CorrectionGiven': {
      const { answer, correction, text, review } = event.data;
      const waiting = review === 'required' ? ', to be reviewed' : '';
      return `corrected ${named('answer', answer)} to “${excerpt(text)}” (${named('correction', correction)}${waiting})`;
    }
    case 'CorrectionApproved':
      return `approved ${named('correction', event.data.correction)} of ${named('answer', event.data.answer)}`;
    case 'CorrectionRejected': {
      const { answer, correction, reason } = event.data;
      return `rejected ${named('correction', correction)} of ${named('answer', answer)}${because(reason)}`;
    }
    case 'CorrectionWithdrawn':
      return `withdrew ${named('correction', event.data.correction)} of ${named('answer', event.data.answer)}`;
    case 'FeedbackGiven':
      return describeFeedback(event);
    case 'DatasetSelected': {
      const { dataset, examples, sources } = event.data;
      const from = sources.map(({ path }) => path).join(', ');
      return `took ${counted(examples, 'example')} from ${excerpt(from)} as ${named('dataset', dataset)}`;
    }
    case 'DatasetBuilt': {
      const { dataset, examples, format } = event.data;
      return `built ${named('dataset', dataset)} with ${counted(examples, 'example')} (${format})`;
    }
    case 'DatasetExamplesListed':
      return `listed ${counted(event.data.examples.length, 'example')} of ${named('dataset', event.data.dataset)} from line ${event.data.firstLine} on`;
    case 'DatasetArchived': {
      const { directory, files, path } = event.data;
      return `archived ${counted(files, 'file')} of ${directory} in ${path}`;
    }
    case 'EvaluationRun': {
      const { evaluation, model, results, score } = event.data;
      const outcome = score === null ? '' : `, score ${score.toFixed(2)}`;
      return `tested ${named('model', model)} with ${counted(results.length, 'question')}${outcome} (${named('evaluation', evaluation)})`;
    }
    case 'ModelPromoted': {
      const { model, previous, reason } = event.data;
      return `promoted ${named('model', model)} in place of ${named('model', previous)}${because(reason)}`;
    }
    case 'ModelRolledBack': {
      const { model, previous, reason } = event.data;
      return `went back to ${named('model', model)} from ${named('model', previous)}${because(reason)}`;
    }
    case 'ConsentGiven':
      return `recorded the consent of ${event.data.member}`;
    case 'ConsentWithdrawn':
      return `recorded that ${event.data.member} withdrew consent`;
    case 'MemberErased':
      return `erased ${event.data.member}`;
    case 'PolicyRecorded':
      return describePolicy(event.data.policy);
    case 'FileSent':
      return `was sent the file ${event.data.path}`;
    case 'InstructionShown':
      return 'read the instructions';
    case 'VoiceJoined':
      return `called the bot into the voice channel ${event.data.channel}`;
    case 'VoiceLeft':
      return `sent the bot out of the voice channel ${event.data.channel}`;
    default:
      return describeJobEvent(event);
  }
}

type TrainingEventType = Extract<Recorded['type'], `Training${string}`>;

function describeJobEvent(event: Recorded<TrainingEventType>): string {
  const job = named('job', event.data.job);
  switch (event.type) {
    case 'TrainingRequested': {
      const { trainer, dataset } = event.data;
      return `requested ${job}: training by ${trainer} on ${named('dataset', dataset)}`;
    }
    case 'TrainingFileUploaded':
      return `uploaded the training file of ${job}`;
    case 'TrainingStarted':
      return `started ${job}`;
    case 'TrainingProgressed': {
      const { step, total, loss } = event.data;
      return `brought ${job} to step ${step} of ${total}${loss === null ? '' : `, loss ${loss.toFixed(4)}`}`;
    }
    case 'TrainingSucceeded':
      return `finished ${job} with ${named('model', event.data.model)}`;
    case 'TrainingFailed':
      return `failed in ${job}: ${excerpt(event.data.reason, 160)}`;
    case 'TrainingCancelled':
      return `cancelled ${job}`;
  }
}

function describeFeedback({ data }: Recorded<'FeedbackGiven'>): string {
  const { answer, rating, remark } = data;
  const rated = rating === null ? [] : [`gave thumbs ${rating}`];
  const remarked = remark === null ? [] : [`remarked “${excerpt(remark)}”`];
  const what = [...rated, ...remarked].join(' and ');
  return answer === null ? `${what} in general` : `${what} on ${named('answer', answer)}`;
}

function describePolicy({ permittedOrigins }: Policy): string {
  const permitted = permittedOrigins.length === 0 ? 'nothing' : `what came by ${permittedOrigins.join(', ')}`;
  return `recorded the policy: ${permitted} may be trained on`;
}

function because(reason: string | null): string {
  return reason === null ? '' : `, because: ${excerpt(reason)}`;
}
