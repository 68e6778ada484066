import type { LeftBehind } from '../english/openai.ts';
import type { Words } from '../words.ts';
import { form, plural } from './plural.ts';

const leftBehind: Readonly<Record<LeftBehind, string>> = {
  ended: 'задание там отменено',
  'may go on': 'оно может продолжаться и стоить денег, отмените его там',
};

function tokens(count: number): string {
  return plural(count, 'токен', 'токена', 'токенов');
}

function hoursOf(count: number): string {
  return plural(count, 'час', 'часа', 'часов');
}

export const openai: Words['openai'] = {
  notes: {
    contextCut: (messages) =>
      `${plural(messages, 'самое раннее сообщение', 'самых ранних сообщения', 'самых ранних сообщений')} этого разговора ${form(messages, 'не поместилось в окно модели и в ответе не учтено', 'не поместились в окно модели и в ответе не учтены', 'не поместились в окно модели и в ответе не учтены')}.`,
    answerCut: 'Ответ достиг наибольшей длины и обрывается на середине.',
  },
  faults: {
    keyRefused: ({ host, variable }) => `Сервер ${host} не принимает ключ; проверьте ${variable}.`,
    forbidden: ({ host, message }) =>
      `Сервер ${host} этого не разрешает (${message}); проверьте, для чего выдан ключ.`,
    notFound: ({ host, message }) =>
      `На сервере ${host} нет того, что запрошено (${message}); проверьте модель и адрес.`,
    quota: ({ host }) =>
      `На счёте у сервера ${host} не осталось средств; пополните его или выберите другой сервер.`,
    busy: ({ host, seconds }) =>
      `К серверу ${host} обращаются слишком часто; повторите ${seconds === null ? 'через минуту' : `через ${plural(seconds, 'секунду', 'секунды', 'секунд')}`}.`,
    refused: ({ host, status, message }) =>
      `Сервер ${host} отклонил запрос (${status}: ${message}); проверьте настройки для него.`,
    broken: ({ host, status }) =>
      `На сервере ${host} произошла ошибка${status === null ? '' : ` (${status})`}; повторите позже.`,
    tooSlow: ({ host }) =>
      `Сервер ${host} не ответил вовремя; повторите позже или дайте больше времени через OPENAI_TIMEOUT_SECONDS.`,
    certificate: ({ host, code }) =>
      `Сертификат сервера ${host} недействителен (${code}); проверьте адрес, часы этой машины, а для собственного сертификата NODE_EXTRA_CA_CERTS.`,
    unreachable: ({ host, code }) =>
      `Сервер ${host} недоступен${code === null ? '' : ` (${code})`}; проверьте, что он работает и что адрес верен.`,
    unreadable: ({ host }) =>
      `Ответ сервера ${host} не удалось прочитать; повторите или проверьте, что он понимает API OpenAI.`,
  },
  answering: {
    questionTooLong: ({ model, window }) =>
      `Вопрос длиннее, чем принимает модель ${model} (${tokens(window)}); задайте вопрос короче.`,
    unknownModel: ({ host, model }) =>
      `На сервере ${host} нет модели ${model}; назначьте другую или проверьте, где она работает.`,
    empty: ({ model }) => `Модель ${model} дала пустой ответ; спросите другими словами.`,
    filtered: ({ host }) => `Сервер ${host} не отдал ответ из-за его содержания; спросите другими словами.`,
    questionFlagged: (categories) =>
      `Вопрос не передан: модерация пометила его (${categories.join(', ')}); задайте его другими словами.`,
    answerFlagged: (categories) =>
      `Ответ не показан: модерация пометила его (${categories.join(', ')}); спросите другими словами.`,
  },
  dataset: {
    line: ({ line, dataset, reason }) =>
      `На строке ${line} набора данных ${dataset} нельзя обучать: ${reason}; исправьте её или уберите.`,
    reasons: {
      unreadable: 'это не пример такого формата',
      reserved: (token) => `в ней есть ${token}, а это зарезервировано для моделей`,
      tooLong: ({ tokens: count, most }) => `в ней ${tokens(count)}, а допускается ${most}`,
    },
    unprepared: ({ dataset, message }) =>
      `Набор данных ${dataset} не удалось подготовить для сервера (${message}); проверьте диск и обучите ещё раз.`,
    tooFew: ({ dataset, trained, heldOut, least }) =>
      `В наборе данных ${dataset} ${plural(trained, 'пример', 'примера', 'примеров')} для обучения${heldOut === 0 ? '' : ` (и ещё ${heldOut} для проверки)`}, а серверу нужно не меньше ${least}; сначала соберите больше исправлений.`,
    tooLarge: ({ dataset, megabytes }) =>
      `Набор данных ${dataset} больше, чем принимает сервер (${megabytes} МБ); обучите на меньшем.`,
    format: ({ dataset, format }) =>
      `Набор данных ${dataset} предназначен для ${format}, а сервер этого не обучает; он берёт sft и dpo.`,
  },
  hyperparameters: {
    unknown: ({ name, known }) => `У этого обучения нет гиперпараметра ${name}; есть ${known.join(', ')}.`,
    wrong: ({ name, value, allowed }) => `Гиперпараметр ${name} равен ${value}, а должен быть ${allowed}.`,
    allowed: {
      whole: ({ least, most }) => `auto или целым числом от ${least} до ${most}`,
      positive: 'auto или числом больше 0',
      positiveUpTo: (most) => `auto или числом больше 0 и не больше ${most}`,
      seed: (most) => `целым числом от 0 до ${most}`,
    },
  },
  training: {
    fileUnusable: ({ host, message }) =>
      `Сервер ${host} не может использовать загруженный файл (${message}); исправьте набор данных и обучите ещё раз.`,
    fileVanished: ({ host }) => `Загруженный файл не раз исчезал с сервера ${host}; обучите ещё раз позже.`,
    inDoubt: ({ host, label }) =>
      `Не удалось узнать, создал ли сервер ${host} задание; прежде чем обучать ещё раз, поищите там задание с ${label} в метаданных: ещё одно задание снова стоило бы денег.`,
    failed: ({ host, job, message }) =>
      `Задание ${job} на сервере ${host} не удалось (${message}); исправьте это и обучите ещё раз.`,
    withoutReason: 'почему, он не говорит',
    cancelledThere: ({ host, job }) =>
      `Задание ${job} отменили на сервере ${host}; обучите ещё раз, если этого не хотели.`,
    gone: ({ host, job }) =>
      `Сервер ${host} больше не знает задания ${job}; если его удалили не нарочно, проверьте учётную запись и обучите ещё раз.`,
    noModel: ({ host, job }) =>
      `Задание ${job} на сервере ${host} завершилось успешно, но сервер не называет полученной модели; посмотрите там или обучите ещё раз.`,
    silent: ({ host, job, hours, status, left }) =>
      `Задание ${job} на сервере ${host} уже ${hoursOf(hours)} не подаёт признаков жизни, его состояние «${status}»; ${leftBehind[left]} и обучите ещё раз.`,
    lost: ({ job, hours, fault }) =>
      `За заданием ${job} не удавалось следить ${hoursOf(hours)}; оно может продолжаться и стоить денег, так что отмените его на сервере, если оно не нужно. ${fault}`,
    cannotEnd: ({ host, job }) =>
      `Задание ${job} на сервере ${host} не удалось отменить; отмените его там, ведь оно может стоить денег.`,
    notStarted: 'Задание на сервере ещё не началось; повторите чуть позже.',
  },
  transcription: {
    tooLarge: (megabytes) => `Запись больше ${megabytes} МБ; пришлите запись короче.`,
  },
};
