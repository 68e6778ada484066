import type { Words } from '../words.ts';

export const commands: Words['commands'] = {
  hi: {
    name: 'привет',
    summary: 'здоровается и говорит, с чего начать',
    example: 'привет',
    options: {},
  },
  help: {
    name: 'помощь',
    summary: 'перечисляет команды или объясняет одну',
    example: 'помощь исправить',
    options: {
      command: { name: 'команда', description: 'какую команду объяснить' },
    },
  },
  instruction: {
    name: 'инструкция',
    summary: 'показывает, как пользоваться этим ботом',
    example: 'инструкция',
    options: {},
  },
  correct: {
    name: 'исправить',
    summary: 'записывает, каким должен быть ответ',
    example: 'исправить последний Столица Франции — Париж.',
    options: {
      answer: { name: 'ответ', description: 'какой ответ исправить: его id или «последний»' },
      text: { name: 'текст', description: 'правильный ответ, буква в букву' },
      question: {
        name: 'вопрос',
        description: 'на какой вопрос это ответ, если его лучше задать другими словами',
      },
    },
  },
  withdraw: {
    name: 'отозвать',
    summary: 'отзывает ваше последнее исправление ответа',
    example: 'отозвать последний',
    options: {
      answer: { name: 'ответ', description: 'исправленный ответ: его id или «последний»' },
    },
  },
  feedback: {
    name: 'оценить',
    summary: 'оценивает ответ (+ или -) или оставляет замечание о нём или обо всём',
    example: 'оценить последний +',
    options: {
      answer: {
        name: 'ответ',
        description: 'ответ: его id или «последний»; id можно просто написать первым',
      },
      text: { name: 'текст', description: '+ или - для оценки, всё остальное — замечание' },
    },
  },
  retrain: {
    name: 'переобучить',
    summary: 'собирает исправления из журнала в новый набор данных и обучает на нём',
    example: 'переобучить проба=да',
    options: {
      format: {
        name: 'формат',
        description: 'sft учит исправлениям, dpo предпочитает их ответам, kto учится на оценках',
      },
      since: {
        name: 'начиная_с',
        description: 'только исправленное или оценённое тогда или позже: дата или время в UTC',
      },
      dry_run: { name: 'проба', description: 'да — только показать, что вошло бы в набор данных' },
      epochs: { name: 'эпохи', description: 'сколько раз пройти весь набор данных' },
      hyperparameters: {
        name: 'гиперпараметры',
        description: 'что ещё принимает программа обучения, например "batch_size=8 learning_rate=0.0001"',
      },
      confirm: { name: 'подтвердить', description: 'да — обучать без вопроса, даже если это стоит денег' },
    },
  },
  train: {
    name: 'обучить',
    summary: 'обучает модель на наборе данных, на данных из команды, на файле или каталоге',
    example: 'обучить данные={"prompt":"Когда вы открываетесь?","completion":"В девять."}',
    options: {
      dataset: { name: 'набор', description: 'набор данных: id или «последний», или файл' },
      data: { name: 'данные', description: 'сами примеры: JSON или JSON Lines' },
      data_dir: { name: 'каталог', description: 'каталог в datasets, archives или exports' },
      attachment: {
        name: 'вложение',
        description: 'файл в datasets, archives или exports, если файл не приложен',
      },
      positive: { name: 'желательные', description: 'нет — ответы нежелательны (для dpo и kto)' },
      skip_invalid: {
        name: 'пропуск_ошибок',
        description: 'да — взять правильные строки и перечислить неверные',
      },
      epochs: { name: 'эпохи', description: 'сколько раз пройти весь набор данных' },
      hyperparameters: {
        name: 'гиперпараметры',
        description: 'что ещё принимает программа обучения, например "batch_size=8 learning_rate=0.0001"',
      },
      confirm: { name: 'подтвердить', description: 'да — обучать без вопроса, даже если это стоит денег' },
    },
  },
  wait: {
    name: 'ждать',
    summary: 'ждёт конца задания на обучение',
    example: 'ждать',
    options: {
      job: { name: 'задание', description: 'какое задание; если не указано — последнее' },
    },
  },
  jobs: {
    name: 'задания',
    summary: 'перечисляет задания на обучение, начиная с новых',
    example: 'задания сколько=5',
    options: {
      before: { name: 'до', description: 'только то, что было до этого задания' },
      limit: { name: 'сколько', description: 'сколько показать' },
    },
  },
  job: {
    name: 'задание',
    summary: 'показывает состояние, ход, потери и итог задания на обучение',
    example: 'задание последнее',
    options: {
      job: { name: 'задание', description: 'задание: его id или «последнее»' },
    },
  },
  cancel: {
    name: 'отменить',
    summary: 'останавливает задание на обучение',
    example: 'отменить последнее',
    options: {
      job: { name: 'задание', description: 'задание: его id или «последнее»' },
    },
  },
  pause: {
    name: 'приостановить',
    summary: 'приостанавливает задание на обучение, если сервер это умеет',
    example: 'приостановить последнее',
    options: {
      job: { name: 'задание', description: 'задание: его id или «последнее»' },
    },
  },
  resume: {
    name: 'продолжить',
    summary: 'продолжает приостановленное задание на обучение',
    example: 'продолжить последнее',
    options: {
      job: { name: 'задание', description: 'задание: его id или «последнее»' },
    },
  },
  models: {
    name: 'модели',
    summary: 'показывает, какая модель здесь отвечает, и перечисляет обученные, начиная с новых',
    example: 'модели',
    options: {
      before: { name: 'до', description: 'только те, что были до этой модели' },
      limit: { name: 'сколько', description: 'сколько показать' },
    },
  },
  promote: {
    name: 'назначить',
    summary: 'назначает модель, которая будет здесь отвечать; если не указана — самую новую из обученных',
    example: 'назначить причина="она знает часы работы"',
    options: {
      model: { name: 'модель', description: 'модель: её id или «последняя»' },
      reason: { name: 'причина', description: 'почему — для журнала' },
    },
  },
  rollback: {
    name: 'откатить',
    summary: 'возвращает модель, которая отвечала до этой',
    example: 'откатить причина="она забыла часы работы"',
    options: {
      reason: { name: 'причина', description: 'почему — для журнала' },
    },
  },
  test: {
    name: 'проверить',
    summary: 'задаёт действующей модели вопросы для проверки и оценивает её ответы',
    example: 'проверить [{"prompt": "Какая столица у Франции?", "expected": "Париж"}]',
    options: {
      cases: {
        name: 'вопросы',
        description: 'JSON: объект или список объектов с "prompt" или "messages" и, если есть, "expected"',
      },
    },
  },
  history: {
    name: 'история',
    summary: 'показывает, что происходило, или из чего что-либо сделано и что из этого вышло',
    example: 'история последний',
    options: {
      id: {
        name: 'что',
        description: 'ответ («последний»), исправление, набор, задание, модель, проверка, участник, событие',
      },
      before: { name: 'до', description: 'только то, что было до этого события' },
      limit: { name: 'сколько', description: 'сколько событий или записей каждого вида' },
    },
  },
  datasets: {
    name: 'наборы',
    summary: 'перечисляет наборы данных, начиная с новых',
    example: 'наборы сколько=5',
    options: {
      before: { name: 'до', description: 'только те, что были до этого набора' },
      limit: { name: 'сколько', description: 'сколько показать' },
    },
  },
  dataset: {
    name: 'набор',
    summary: 'показывает, что в наборе данных и откуда взят каждый пример',
    example: 'набор последний сколько=3',
    options: {
      dataset: { name: 'набор', description: 'набор данных: его id или «последний»' },
      after: { name: 'после', description: 'только примеры после этой строки' },
      limit: { name: 'сколько', description: 'сколько примеров' },
      verify: { name: 'сверить', description: 'да — собрать его из журнала заново и сверить каждый байт' },
    },
  },
  diff: {
    name: 'сравнить',
    summary: 'показывает, что и почему изменилось от одного набора данных к другому',
    example: 'сравнить 1a2b3c4d последний',
    options: {
      from: { name: 'было', description: 'более ранний набор данных: его id или «последний»' },
      to: { name: 'стало', description: 'более поздний набор данных: его id или «последний»' },
      limit: { name: 'сколько', description: 'сколько отличий каждого вида показать' },
    },
  },
  export: {
    name: 'выгрузить',
    summary: 'пишет набор данных в файл и отправляет его, в том же формате — вместе с манифестом',
    example: 'выгрузить последний формат=sft',
    options: {
      dataset: { name: 'набор', description: 'набор данных: его id или «последний»' },
      format: { name: 'формат', description: 'sft, dpo или kto; если не указан — как есть' },
    },
  },
  select_dataset: {
    name: 'загрузить_набор',
    summary: 'берёт файл или каталог с данными для обучения в хранилище',
    example: 'загрузить_набор datasets/faq.jsonl',
    options: {
      path: { name: 'путь', description: 'файл или каталог в datasets, archives или exports' },
      positive: { name: 'желательные', description: 'нет — ответы нежелательны (для dpo и kto)' },
      skip_invalid: {
        name: 'пропуск_ошибок',
        description: 'да — взять правильные строки и перечислить неверные',
      },
    },
  },
  archive: {
    name: 'архивировать',
    summary: 'пишет каталог в проверенный архив zip; сам каталог остаётся как есть',
    example: 'архивировать datasets',
    options: {
      directory: { name: 'каталог', description: 'каталог в datasets, archives или exports' },
    },
  },
  getfile: {
    name: 'файл',
    summary: 'отправляет файл из datasets, archives или exports',
    example: 'файл exports/answers.jsonl',
    options: {
      path: { name: 'путь', description: 'файл, как он был назван при записи' },
    },
  },
  join: {
    name: 'войти',
    summary: 'зовёт бота в ваш голосовой канал, где он говорит свои ответы',
    example: 'войти',
    options: {},
  },
  leave: {
    name: 'выйти',
    summary: 'отпускает бота из голосового канала',
    example: 'выйти',
    options: {},
  },
  skip: {
    name: 'дальше',
    summary: 'прекращает то, что бот говорит, и переходит к следующему ответу',
    example: 'дальше',
    options: {},
  },
  silence: {
    name: 'тихо',
    summary: 'прекращает то, что бот говорит, и всё, что ждёт очереди',
    example: 'тихо',
    options: {},
  },
  listen: {
    name: 'слушать',
    summary: 'даёт боту слышать тех в вашем голосовом канале, кто дал согласие, или прекращает это',
    example: 'слушать выкл',
    options: {
      state: { name: 'состояние', description: 'вкл или выкл', choices: { on: 'вкл', off: 'выкл' } },
    },
  },
  ask: {
    name: 'спросить',
    summary: 'задаёт вопрос модели, как и сообщение без команды',
    example: 'спросить Когда открывается порт?',
    options: { question: { name: 'вопрос', description: 'что вы хотите узнать' } },
  },
  review: {
    name: 'рассмотреть',
    summary: 'показывает исправления, которые ждут тренера, или решает об одном из них',
    example: 'рассмотреть',
    options: {
      correction: { name: 'исправление', description: 'какое исправление: его id или «последнее»' },
      decision: {
        name: 'решение',
        description: 'одобрить или отклонить',
        choices: { approve: 'одобрить', reject: 'отклонить' },
      },
      text: { name: 'текст', description: 'правильный ответ, каким он одобряется, если его надо изменить' },
      question: { name: 'вопрос', description: 'вопрос, каким он одобряется, если его надо изменить' },
      reason: { name: 'причина', description: 'почему — для журнала' },
      after: { name: 'после', description: 'только данные после этого исправления' },
      limit: { name: 'сколько', description: 'сколько показать' },
    },
  },
  privacy: {
    name: 'мои_данные',
    summary: 'показывает, что о вас хранится, даёт или отзывает согласие на обучение, выгружает всё',
    example: 'мои_данные показать',
    options: {
      action: {
        name: 'действие',
        description: 'показать, согласие, отзыв или выгрузка',
        choices: { show: 'показать', consent: 'согласие', withdraw: 'отзыв', export: 'выгрузка' },
      },
    },
  },
  policy: {
    name: 'правила_обучения',
    summary: 'показывает, на чём здесь можно обучать, или записывает разрешение Discord',
    example: 'правила_обучения разрешение="обращение в Discord 12345 от 3 мая 2026"',
    options: {
      permission: {
        name: 'разрешение',
        description: 'где найти письменное разрешение Discord — для журнала',
      },
      revoke: { name: 'отозвать', description: 'да — разрешение больше не действует' },
    },
  },
  settings: {
    name: 'настройки',
    summary: 'показывает или меняет: кто тренер, где бот отвечает, что рассматривается, какой язык',
    example: 'настройки рассмотрение=выкл',
    options: {
      trainers: {
        name: 'тренеры',
        description: 'роли, у которых есть права тренера, или «нет»',
        choices: { none: 'нет' },
      },
      channels: {
        name: 'каналы',
        description: 'каналы, где каждое сообщение — вопрос, или «нет»',
        choices: { none: 'нет' },
      },
      review: {
        name: 'рассмотрение',
        description: 'недоверенные (исправления участников, которые не тренеры, ждут) или выкл',
        choices: { untrusted: 'недоверенные', off: 'выкл' },
      },
      language: {
        name: 'язык',
        description: 'английский, русский или место (язык самого места)',
        choices: { en: 'английский', ru: 'русский', place: 'место' },
      },
      trainer: {
        name: 'обучение',
        description: 'программа обучения, чья базовая модель здесь и отвечает, или «обычное»',
        choices: { usual: 'обычное' },
      },
    },
  },
};
