import { describe, expect, it } from 'vitest';
import { describeEvent } from '../../src/bot/event-words.ts';
import { decodeEvent, type EventType } from '../../src/domain/events.ts';
import { type Language, languages } from '../../src/domain/languages/languages.ts';
import { id, recorded, samples, stored } from '../domain/samples.ts';

/** What is said of the sample of each type in each language; a new type without words does not compile. */
const words: Readonly<Record<EventType, Readonly<Record<Language, string>>>> = {
  PredictionMade: {
    en: 'asked “When do you open?” and model embedded-base answered “At ten.” (answer 00000001)',
    ru: 'вопрос «When do you open?», модель embedded-base ответила «At ten.» (ответ 00000001)',
  },
  PredictionFailed: {
    en: 'asked “When do you open?” and model embedded-base could not answer: it is busy (answer 00000001)',
    ru: 'вопрос «When do you open?», модель embedded-base не смогла ответить: it is busy (ответ 00000001)',
  },
  CorrectionGiven: {
    en: 'corrected answer 00000001 to “At nine.” for the question “When do you open?” (correction 00000003, to be reviewed)',
    ru: 'ответ 00000001 исправлен на «At nine.» к вопросу «When do you open?» (исправление 00000003, ждёт рассмотрения)',
  },
  CorrectionApproved: {
    en: 'approved correction 00000003 of answer 00000001 as “At nine sharp.”',
    ru: 'одобрено исправление 00000003 ответа 00000001 в редакции «At nine sharp.»',
  },
  CorrectionRejected: {
    en: 'rejected correction 00000003 of answer 00000001, because: not so',
    ru: 'отклонено исправление 00000003 ответа 00000001, причина: not so',
  },
  CorrectionWithdrawn: {
    en: 'withdrew correction 00000003 of answer 00000001',
    ru: 'отозвано исправление 00000003 ответа 00000001',
  },
  FeedbackGiven: { en: 'gave thumbs up on answer 00000001', ru: 'оценка «за» к ответу 00000001' },
  DatasetSelected: {
    en: 'took 2 examples from datasets/hours.jsonl as dataset 00000007',
    ru: 'взяты 2 примера из datasets/hours.jsonl, набор данных 00000007',
  },
  DatasetBuilt: {
    en: 'built dataset 00000007 with 2 examples (sft)',
    ru: 'собран набор данных 00000007: 2 примера (sft)',
  },
  DatasetExamplesListed: {
    en: 'listed 1 example of dataset 00000007 from line 1 on',
    ru: 'перечислен 1 пример набора данных 00000007, начиная со строки 1',
  },
  DatasetArchived: {
    en: 'archived 1 file of datasets/hours in archives/hours.zip',
    ru: 'в архив archives/hours.zip сложен 1 файл из datasets/hours',
  },
  TrainingRequested: {
    en: 'requested job 00000004: training by embedded on dataset 00000007',
    ru: 'поставлено задание 00000004: программа обучения embedded, набор данных 00000007',
  },
  TrainingFileUploaded: {
    en: 'uploaded the training file of job 00000004',
    ru: 'передан файл для обучения по заданию 00000004',
  },
  TrainingTaken: { en: 'took on job 00000004', ru: 'взято на себя задание 00000004' },
  ProcessSeen: { en: 'went on with its jobs', ru: 'продолжена работа над заданиями' },
  TrainingStarted: { en: 'started job 00000004', ru: 'начато задание 00000004' },
  TrainingProgressed: {
    en: 'brought job 00000004 to step 1 of 4, loss 0.5000',
    ru: 'задание 00000004 дошло до шага 1 из 4, потери 0.5000',
  },
  TrainingSucceeded: {
    en: 'finished job 00000004 with model m-2',
    ru: 'выполнено задание 00000004, получена модель m-2',
  },
  TrainingFailed: {
    en: 'failed in job 00000004: the disk is full',
    ru: 'не выполнено задание 00000004: the disk is full',
  },
  TrainingCancelled: { en: 'cancelled job 00000004', ru: 'отменено задание 00000004' },
  ModelPromoted: {
    en: 'promoted model m-2 in place of model m-1 after evaluation 00000005, because: it knows the hours',
    ru: 'назначена модель m-2 вместо модели m-1 после проверки 00000005, причина: it knows the hours',
  },
  ModelRolledBack: {
    en: 'went back to model m-2 from model m-1',
    ru: 'откат к модели m-2 от модели m-1',
  },
  EvaluationRun: {
    en: 'tested model m-2 with 1 question, score 0.50 (evaluation 00000005)',
    ru: 'проверена модель m-2: 1 вопрос, доля верных ответов 0.50 (проверка 00000005)',
  },
  ConsentGiven: { en: 'recorded the consent of ada', ru: 'записано согласие участника ada' },
  ConsentWithdrawn: {
    en: 'recorded that ada withdrew consent',
    ru: 'записано, что согласие участника ada отозвано',
  },
  MemberErased: { en: 'erased ada', ru: 'стёрты данные участника ada' },
  PolicyRecorded: {
    en: 'recorded the policy: what came by console, interaction may be trained on',
    ru: 'записаны правила обучения: обучать можно на текстах такого происхождения: консоль, команда или форма',
  },
  SettingsRecorded: { en: 'changed the settings', ru: 'изменены настройки' },
  FileSent: { en: 'was sent the file datasets/hours.jsonl', ru: 'отправлен файл datasets/hours.jsonl' },
  InstructionShown: { en: 'read the instructions', ru: 'показана инструкция' },
  VoiceJoined: {
    en: 'had the bot come into the voice channel hall, to say an answer',
    ru: 'бот пришёл в голосовой канал hall, причина: сказать ответ',
  },
  VoiceLeft: {
    en: 'sent the bot out of the voice channel hall',
    ru: 'бот отпущен из голосового канала hall',
  },
  VoiceMessageTranscribed: {
    en: 'said “When do you open?” in a recording of 1.3 s (answer 00000001)',
    ru: 'сказано «When do you open?» в записи, 1.3 с (ответ 00000001)',
  },
  ReplySpoken: {
    en: 'heard answer 00000001 in the voice channel hall, 0.9 s of it',
    ru: 'ответ 00000001 прозвучал в голосовом канале hall, прозвучало 0.9 с',
  },
};

const { policy } = samples.PolicyRecorded;
const long = `One.\nTwo. ${'and so on '.repeat(100)}`;

describe('every event is told in words', () => {
  it.each(Object.entries(samples))('%s', (type, data) => {
    const event = decodeEvent(stored(type, data));
    const said = { en: describeEvent(event, languages.en), ru: describeEvent(event, languages.ru) };
    expect(said).toEqual(new Map(Object.entries(words)).get(type));
  });

  it.each([
    [recorded('PredictionMade', { evaluation: id(5) }), /^asked in evaluation 00000005 “When/],
    [
      recorded('VoiceMessageTranscribed', { heard: 'channel', isCut: true, answer: null }),
      /”[^”]*channel of 1.3 s, cut$/,
    ],
    [
      recorded('ReplySpoken', { outcome: 'queued', durationMs: null }),
      /in the queue of the voice channel hall$/,
    ],
    [recorded('ReplySpoken', { outcome: 'skipped' }), /^had answer 00000001 skipped in .* hall, 0.9 s/],
    [
      recorded('ReplySpoken', { outcome: 'dropped', durationMs: null, reason: 'queue_full' }),
      /^did not hear answer .*: too many were waiting$/,
    ],
    [recorded('VoiceJoined', { reason: 'asked' }), /^called the bot into the voice channel hall$/],
    [recorded('VoiceLeft', { reason: 'alone' }), /hall, since nobody was left there$/],
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
    expect(describeEvent(event, languages.en)).toMatch(expected);
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
    for (const language of Object.values(languages)) {
      const said = describeEvent(event, language);
      expect(said).toMatch(/^.{20,300}$/);
      expect(said).toMatch(/One\. Two\..*…/);
    }
  });

  it('and who did it, where that was no person', () => {
    const facts = { time: 'time', actor: 'trainer:embedded', happened: 'начато задание 1', event: '2' };
    expect(languages.ru.events.line(facts)).toBe(
      'time программа обучения embedded: начато задание 1 [событие 2]',
    );
    expect(languages.en.events.line({ ...facts, happened: 'started job 1' })).toBe(
      'time trainer:embedded started job 1 [event 2]',
    );
  });

  it.each([
    [1, 'взят 1 пример из'],
    [2, 'взяты 2 примера из'],
    [5, 'взято 5 примеров из'],
    [11, 'взято 11 примеров из'],
    [21, 'взят 21 пример из'],
    [22, 'взяты 22 примера из'],
    [112, 'взято 112 примеров из'],
  ])('and counted as Russian counts: %i', (examples, said) => {
    expect(describeEvent(recorded('DatasetSelected', { examples }), languages.ru)).toContain(said);
  });

  it.each([
    [recorded('FeedbackGiven', { rating: 'down', answer: null }), 'оценка «против» в целом'],
    [recorded('FeedbackGiven', { rating: null, remark: 'да' }), 'замечание «да» к ответу 00000001'],
    [recorded('FeedbackGiven', { remark: 'да' }), 'оценка «за» и замечание «да» к ответу 00000001'],
    [
      recorded('PolicyRecorded', { policy: { ...policy, permittedOrigins: [] } }),
      'записаны правила обучения: обучать нельзя ни на чём',
    ],
    [recorded('TrainingProgressed', { loss: null }), 'задание 00000004 дошло до шага 1 из 4'],
    [recorded('EvaluationRun', { score: null }), 'проверена модель m-2: 1 вопрос (проверка 00000005)'],
  ])('and in Russian where there is more or less to tell (%#)', (event, said) => {
    expect(describeEvent(event, languages.ru)).toBe(said);
  });
});
