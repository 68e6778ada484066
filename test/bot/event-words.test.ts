import { describe, expect, it } from 'vitest';
import { describeEvent } from '../../src/bot/event-words.ts';
import { decodeEvent, type EventType } from '../../src/domain/events.ts';
import { id, recorded, samples, stored } from '../domain/samples.ts';

/** What is said of the sample of each type; a new type without words does not compile. */
const words: Readonly<Record<EventType, string>> = {
  PredictionMade: 'asked “When do you open?” and model embedded-base answered “At ten.” (answer 00000001)',
  PredictionFailed:
    'asked “When do you open?” and model embedded-base could not answer: it is busy (answer 00000001)',
  CorrectionGiven: 'corrected answer 00000001 to “At nine.” (correction 00000003, to be reviewed)',
  CorrectionApproved: 'approved correction 00000003 of answer 00000001',
  CorrectionRejected: 'rejected correction 00000003 of answer 00000001, because: not so',
  CorrectionWithdrawn: 'withdrew correction 00000003 of answer 00000001',
  FeedbackGiven: 'gave thumbs up on answer 00000001',
  DatasetSelected: 'took 2 examples from datasets/hours.jsonl as dataset 00000007',
  DatasetBuilt: 'built dataset 00000007 with 2 examples (sft)',
  DatasetExamplesListed: 'listed 1 example of dataset 00000007 from line 1 on',
  DatasetArchived: 'archived 1 file of datasets/hours in archives/hours.zip',
  TrainingRequested: 'requested job 00000004: training by embedded on dataset 00000007',
  TrainingFileUploaded: 'uploaded the training file of job 00000004',
  TrainingStarted: 'started job 00000004',
  TrainingProgressed: 'brought job 00000004 to step 1 of 4, loss 0.5000',
  TrainingSucceeded: 'finished job 00000004 with model m-2',
  TrainingFailed: 'failed in job 00000004: the disk is full',
  TrainingCancelled: 'cancelled job 00000004',
  ModelPromoted: 'promoted model m-2 in place of model m-1, because: it knows the hours',
  ModelRolledBack: 'went back to model m-2 from model m-1',
  EvaluationRun: 'tested model m-2 with 1 question, score 0.50 (evaluation 00000005)',
  ConsentGiven: 'recorded the consent of ada',
  ConsentWithdrawn: 'recorded that ada withdrew consent',
  MemberErased: 'erased ada',
  PolicyRecorded: 'recorded the policy: what came by console, interaction may be trained on',
  FileSent: 'was sent the file datasets/hours.jsonl',
  InstructionShown: 'read the instructions',
  VoiceJoined: 'called the bot into the voice channel hall',
  VoiceLeft: 'sent the bot out of the voice channel hall',
};

const { policy } = samples.PolicyRecorded;
const long = `One.\nTwo. ${'and so on '.repeat(100)}`;

describe('every event is told in words', () => {
  it.each(Object.entries(samples))('%s', (type, data) => {
    expect(describeEvent(decodeEvent(stored(type, data)))).toBe(new Map(Object.entries(words)).get(type));
  });

  it.each([
    [recorded('PredictionMade', { evaluation: id(5) }), /^asked in evaluation 00000005 “When/],
    [recorded('CorrectionGiven', { review: 'not_required' }), /\(correction 00000003\)$/],
    [recorded('CorrectionRejected', { reason: null }), /of answer 00000001$/],
    [recorded('FeedbackGiven', { rating: 'down', answer: null }), /^gave thumbs down in general$/],
    [recorded('FeedbackGiven', { rating: null, remark: 'nice' }), /^remarked “nice” on answer 00000001$/],
    [
      recorded('FeedbackGiven', { remark: 'nice' }),
      /^gave thumbs up and remarked “nice” on answer 00000001$/,
    ],
    [recorded('TrainingProgressed', { loss: null }), /step 1 of 4$/],
    [recorded('EvaluationRun', { score: null }), /with 1 question \(evaluation 00000005\)$/],
    [
      recorded('PolicyRecorded', { policy: { ...policy, permittedOrigins: [] } }),
      /: nothing may be trained on$/,
    ],
  ])('also where there is more or less to tell (%#)', (event, expected) => {
    expect(describeEvent(event)).toMatch(expected);
  });

  it.each([
    recorded('PredictionMade', { response: long }),
    recorded('PredictionMade', {
      messages: [{ role: 'user', content: long, answer: null, correction: null }],
    }),
    recorded('PredictionFailed', { reason: long }),
    recorded('CorrectionGiven', { text: long }),
    recorded('CorrectionRejected', { reason: long }),
    recorded('FeedbackGiven', { remark: long }),
    recorded('TrainingFailed', { reason: long }),
    recorded('ModelPromoted', { reason: long }),
    recorded('ModelRolledBack', { reason: long }),
  ])('$type takes one line, and not a long one, whatever was written', (event) => {
    expect(describeEvent(event)).toMatch(/^.{20,300}$/);
    expect(describeEvent(event)).toMatch(/One\. Two\..*…/);
  });
});
