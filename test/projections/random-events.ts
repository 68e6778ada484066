import fc from 'fast-check';
import type { DomainEvent, Metadata } from '../../src/domain/events.ts';
import type { NewEvent } from '../../src/domain/ledger.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import {
  correction,
  datasetBuilt,
  datasetSelected,
  newEvent,
  prediction,
  sha,
  streamOf,
  trainingRequested,
  trainingSucceeded,
  usualMetadata,
} from './scenario.ts';

export interface RandomAppend {
  readonly stream: string;
  readonly events: readonly NewEvent[];
}

const id = fc.constantFrom('1', '2', '3');
const dataset = fc.constantFrom(sha('1'), sha('2'), sha('3'));
const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 20 })
  .filter((written) => written.isWellFormed());
const member = fc.constantFrom('ada', 'bob');
const pair = fc.record({ answer: id, correction: fc.option(id) });
const model = fc.record({
  model: id,
  dataset: fc.option(dataset),
  previous: id,
  reason: fc.option(text),
});

/** Few ids, so that events meet each other: in any order, also one that no decider would allow. */
const event: fc.Arbitrary<DomainEvent> = fc.oneof(
  fc
    .record({
      answer: id,
      response: text,
      abstained: fc.boolean(),
      evaluation: fc.option(id),
      conversation: id,
      model: id,
    })
    .map(({ answer, ...more }) => prediction(answer, more)),
  fc.record({ answer: id, reason: text }).map(({ answer, reason }): DomainEvent => {
    const { conversation, evaluation, messages, model: asked } = prediction(answer).data;
    return {
      type: 'PredictionFailed',
      data: { answer, conversation, evaluation, messages, model: asked, reason },
    };
  }),
  fc
    .record({
      answer: id,
      correction: id,
      text,
      question: fc.option(text),
      member,
      review: fc.constantFrom('required' as const, 'not_required' as const),
    })
    .map(({ answer, correction: given, ...more }) => correction(answer, given, more)),
  fc
    .record({
      type: fc.constant('CorrectionApproved' as const),
      data: fc.record({
        answer: id,
        correction: id,
        text: fc.option(text),
        question: fc.option(text),
      }),
    })
    .map((verdict): DomainEvent => verdict),
  fc.record({
    type: fc.constant('CorrectionWithdrawn' as const),
    data: fc.record({ answer: id, correction: id }),
  }),
  fc.record({
    type: fc.constant('CorrectionRejected' as const),
    data: fc.record({ answer: id, correction: id, reason: fc.option(text) }),
  }),
  fc.record({
    type: fc.constant('FeedbackGiven' as const),
    data: fc.record({
      answer: fc.option(id),
      member,
      rating: fc.option(fc.constantFrom('up' as const, 'down' as const)),
      remark: fc.option(text),
    }),
  }),
  dataset.map((selected) => datasetSelected(selected)),
  fc.tuple(dataset, fc.option(id)).map(([built, through]) => datasetBuilt(built, through)),
  fc.record({
    type: fc.constant('DatasetExamplesListed' as const),
    data: fc.record({
      dataset,
      firstLine: fc.integer({ min: 1, max: 5 }),
      examples: fc.array(pair, { maxLength: 15 }),
    }),
  }),
  fc.tuple(id, dataset).map(([job, on]) => trainingRequested(job, on)),
  id.map((job): DomainEvent => ({ type: 'TrainingFileUploaded', data: { job, file: 'file' } })),
  id.map((job): DomainEvent => ({ type: 'TrainingTaken', data: { job, process: 'p', from: null } })),
  id.map((job): DomainEvent => ({ type: 'TrainingStarted', data: { job, reference: null } })),
  fc
    .record({
      job: id,
      step: fc.nat(9),
      total: fc.constant(9),
      loss: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      evaluationLoss: fc.constant(null),
      learningRate: fc.constant(null),
    })
    .map((data): DomainEvent => ({ type: 'TrainingProgressed', data })),
  fc.tuple(id, id).map(([job, trained]) => trainingSucceeded(job, trained)),
  id.map((job): DomainEvent => ({ type: 'TrainingFailed', data: { job, reason: 'no memory' } })),
  id.map((job): DomainEvent => ({ type: 'TrainingCancelled', data: { job } })),
  fc
    .tuple(model, fc.option(id))
    .map(([data, evaluation]): DomainEvent => ({ type: 'ModelPromoted', data: { ...data, evaluation } })),
  model.map((data): DomainEvent => ({ type: 'ModelRolledBack', data })),
  fc.tuple(id, id).map(
    ([evaluation, tested]): DomainEvent => ({
      type: 'EvaluationRun',
      data: { evaluation, model: tested, dataset: null, results: [], score: null, heldOut: null },
    }),
  ),
  fc
    .tuple(
      fc.constantFrom('ConsentGiven' as const, 'ConsentWithdrawn' as const, 'MemberErased' as const),
      member,
    )
    .map(([type, who]): DomainEvent => ({ type, data: { member: who } })),
  fc.record({
    type: fc.constant('SettingsRecorded' as const),
    data: fc.record({
      settings: fc.record({
        trainerRoles: fc.array(id),
        answerChannels: fc.array(id),
        review: fc.constantFrom('untrusted' as const, 'off' as const),
        locale: fc.option(fc.constantFrom('en' as const, 'ru' as const)),
        gate: fc.constantFrom('off' as const, 'evaluation' as const),
        trainer: fc.option(id),
      }),
    }),
  }),
  fc.nat(9).map(
    (bytes): DomainEvent => ({
      type: 'PolicyRecorded',
      data: { policy: { ...defaultPolicy, maxExampleBytes: bytes + 1 }, reference: null },
    }),
  ),
);

const metadata: fc.Arbitrary<Partial<Metadata> & Pick<Metadata, 'scope'>> = fc.record({
  scope: fc.constantFrom(usualMetadata.scope, 'guild'),
  channel: fc.constantFrom('console', 'general'),
  actor: fc.constantFrom('ada', 'bob', 'eve'),
  commandId: fc.constantFrom('command-1', 'command-2', 'command-3', 'command-4'),
});

export const randomAppend: fc.Arbitrary<RandomAppend> = fc
  .tuple(event, metadata)
  .map(([happened, around]) => ({
    stream: streamOf(around.scope, happened),
    events: [newEvent(happened, around)],
  }));
