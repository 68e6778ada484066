import type { Words } from '../words.ts';
import { actorName } from './actors.ts';
import { origins } from './origins.ts';
import { form, plural } from './plural.ts';

function because(reason: string | null): string {
  return reason === null ? '' : `, причина: ${reason}`;
}

const ratings = { up: 'оценка «за»', down: 'оценка «против»' } as const;

const voiceReasons: Readonly<Record<Parameters<Words['events']['voiceLeft']>[0]['reason'], string>> = {
  asked: 'так попросили',
  to_speak: 'сказать ответ',
  moved: 'его переместили',
  idle: 'долго ничего не говорили',
  alone: 'там никого не осталось',
  disconnected: 'соединение прервано',
  closing: 'бот завершает работу',
};

const dropReasons: Readonly<Record<Parameters<Words['events']['droppedReply']>[0]['reason'], string>> = {
  silenced: 'бота попросили молчать',
  left: 'бот уже ушёл',
  no_voice: 'у бота нет голоса',
  nothing_to_say: 'в ответе нечего произнести',
  queue_full: 'слишком много ответов ждало очереди',
  failed: 'воспроизвести не удалось',
};

/** Without a verb of the member's, which would have a gender. */
export const events: Words['events'] = {
  line: ({ time, actor, happened, event }) => `${time} ${actorName(actor)}: ${happened} [событие ${event}]`,
  asked: ({ evaluation, question, model, response, answer }) =>
    `вопрос${evaluation === null ? '' : ` проверки ${evaluation}`} «${question}», модель ${model} ответила «${response}» (ответ ${answer})`,
  askedInVain: ({ question, model, reason, answer }) =>
    `вопрос «${question}», модель ${model} не смогла ответить: ${reason} (ответ ${answer})`,
  corrected: ({ answer, text, question, correction, awaitsReview }) =>
    `ответ ${answer} исправлен на «${text}»${question === null ? '' : ` к вопросу «${question}»`} (исправление ${correction}${awaitsReview ? ', ждёт рассмотрения' : ''})`,
  approved: ({ answer, correction, text, question }) => {
    const edited = [
      ...(text === null ? [] : [`в редакции «${text}»`]),
      ...(question === null ? [] : [`к вопросу «${question}»`]),
    ];
    return [`одобрено исправление ${correction} ответа ${answer}`, ...edited].join(' ');
  },
  rejected: ({ answer, correction, reason }) =>
    `отклонено исправление ${correction} ответа ${answer}${because(reason)}`,
  withdrew: ({ answer, correction }) => `отозвано исправление ${correction} ответа ${answer}`,
  feedback: ({ answer, rating, remark }) => {
    const rated = rating === null ? [] : [ratings[rating]];
    const remarked = remark === null ? [] : [`замечание «${remark}»`];
    const what = [...rated, ...remarked].join(' и ');
    return answer === null ? `${what} в целом` : `${what} к ответу ${answer}`;
  },
  selected: ({ examples, from, dataset }) =>
    `${form(examples, 'взят', 'взяты', 'взято')} ${plural(examples, 'пример', 'примера', 'примеров')} из ${from}, набор данных ${dataset}`,
  built: ({ dataset, examples, format }) =>
    `собран набор данных ${dataset}: ${plural(examples, 'пример', 'примера', 'примеров')} (${format})`,
  listed: ({ examples, dataset, line }) =>
    `${form(examples, 'перечислен', 'перечислены', 'перечислено')} ${plural(examples, 'пример', 'примера', 'примеров')} набора данных ${dataset}, начиная со строки ${line}`,
  archived: ({ files, directory, path }) =>
    `в архив ${path} ${form(files, 'сложен', 'сложены', 'сложено')} ${plural(files, 'файл', 'файла', 'файлов')} из ${directory}`,
  tested: ({ model, questions, score, evaluation }) =>
    `проверена модель ${model}: ${plural(questions, 'вопрос', 'вопроса', 'вопросов')}${score === null ? '' : `, доля верных ответов ${score}`} (проверка ${evaluation})`,
  promoted: ({ model, previous, reason, evaluation }) =>
    `назначена модель ${model} вместо модели ${previous}${evaluation === null ? '' : ` после проверки ${evaluation}`}${because(reason)}`,
  rolledBack: ({ model, previous, reason }) =>
    `откат к модели ${model} от модели ${previous}${because(reason)}`,
  consented: (member) => `записано согласие участника ${member}`,
  consentWithdrawn: (member) => `записано, что согласие участника ${member} отозвано`,
  erased: (member) => `стёрты данные участника ${member}`,
  policy: (permitted) =>
    permitted.length === 0
      ? 'записаны правила обучения: обучать нельзя ни на чём'
      : `записаны правила обучения: обучать можно на текстах такого происхождения: ${permitted.map((origin) => origins[origin]).join(', ')}`,
  settings: 'изменены настройки',
  fileSent: (path) => `отправлен файл ${path}`,
  instructionShown: 'показана инструкция',
  processSeen: 'продолжена работа над заданиями',
  voiceJoined: ({ channel, reason }) =>
    reason === 'asked'
      ? `бот позван в голосовой канал ${channel}`
      : `бот пришёл в голосовой канал ${channel}, причина: ${voiceReasons[reason]}`,
  voiceLeft: ({ channel, reason }) =>
    reason === 'asked'
      ? `бот отпущен из голосового канала ${channel}`
      : `бот ушёл из голосового канала ${channel}, причина: ${voiceReasons[reason]}`,
  said: ({ text, heard, seconds, isCut, answer }) =>
    `сказано «${text}» ${heard === 'file' ? 'в записи' : 'в голосовом канале'}, ${seconds} с${isCut ? ', обрезано' : ''}${answer === null ? '' : ` (ответ ${answer})`}`,
  queuedToSay: ({ answer, channel }) => `ответ ${answer} встал в очередь голосового канала ${channel}`,
  heardReply: ({ answer, channel, seconds, wasSkipped }) =>
    `ответ ${answer} ${wasSkipped ? 'пропущен' : 'прозвучал'} в голосовом канале ${channel}, прозвучало ${seconds} с`,
  droppedReply: ({ answer, channel, reason }) =>
    `ответ ${answer} не прозвучал в голосовом канале ${channel}: ${dropReasons[reason]}`,
  jobRequested: ({ job, trainer, dataset }) =>
    `поставлено задание ${job}: программа обучения ${trainer}, набор данных ${dataset}`,
  jobUploaded: (job) => `передан файл для обучения по заданию ${job}`,
  jobTaken: (job) => `взято на себя задание ${job}`,
  jobStarted: (job) => `начато задание ${job}`,
  jobProgressed: ({ job, step, total, loss }) =>
    `задание ${job} дошло до шага ${step} из ${total}${loss === null ? '' : `, потери ${loss}`}`,
  jobSucceeded: ({ job, model }) => `выполнено задание ${job}, получена модель ${model}`,
  jobFailed: ({ job, reason }) => `не выполнено задание ${job}: ${reason}`,
  jobCancelled: (job) => `отменено задание ${job}`,
};
