/** What commands are called and do, and what their options mean. Names are as Discord takes them: lower case, no spaces. */
export const commands = {
  hi: {
    name: 'hi',
    summary: 'greets you and says how to begin',
    example: 'hi',
    options: {},
  },
  help: {
    name: 'help',
    summary: 'lists the commands, or explains one',
    example: 'help correct',
    options: {
      command: { name: 'command', description: 'the command to explain' },
    },
  },
  instruction: {
    name: 'instruction',
    summary: 'shows how this bot is meant to be used',
    example: 'instruction',
    options: {},
  },
  correct: {
    name: 'correct',
    summary: 'records what an answer should have been',
    example: 'correct last Paris is the capital of France.',
    options: {
      answer: { name: 'answer', description: 'the answer to correct, by its id or last' },
      text: { name: 'text', description: 'the better answer, to the letter' },
      question: {
        name: 'question',
        description: 'the question that it answers, where it is better put in other words',
      },
    },
  },
  withdraw: {
    name: 'withdraw',
    summary: 'takes back your own latest correction of an answer',
    example: 'withdraw last',
    options: {
      answer: { name: 'answer', description: 'the corrected answer, by its id or last' },
    },
  },
  feedback: {
    name: 'feedback',
    summary: 'rates an answer with + or -, or leaves a remark on it or in general',
    example: 'feedback last +',
    options: {
      answer: {
        name: 'answer',
        description: 'the answer, by its id or last; its id may also just stand first',
      },
      text: { name: 'text', description: '+ or - for a rating, anything else as a remark' },
    },
  },
  retrain: {
    name: 'retrain',
    summary: 'makes the corrections of the ledger into a new dataset and trains on it',
    example: 'retrain dry_run=true',
    options: {
      format: {
        name: 'format',
        description: 'sft teaches the corrections, dpo prefers them to the answers, kto learns from ratings',
      },
      since: {
        name: 'since',
        description: 'only what was corrected or rated then or later, as a date or time in UTC',
      },
      dry_run: { name: 'dry_run', description: 'true only shows what the dataset would hold' },
      epochs: { name: 'epochs', description: 'how often the whole dataset is gone through' },
      hyperparameters: {
        name: 'hyperparameters',
        description: 'what else the trainer takes, such as "batch_size=8 learning_rate=0.0001"',
      },
      confirm: { name: 'confirm', description: 'true trains also where it costs money, without asking' },
    },
  },
  train: {
    name: 'train',
    summary: 'trains a model on a dataset, on data given here, on a file or on a directory',
    example: 'train data={"prompt":"When do you open?","completion":"At nine."}',
    options: {
      dataset: { name: 'dataset', description: 'a dataset by its id or last, or a file' },
      data: { name: 'data', description: 'the examples themselves, as JSON or JSON Lines' },
      data_dir: { name: 'data_dir', description: 'a directory in datasets, archives or exports' },
      attachment: {
        name: 'attachment',
        description: 'a file in datasets, archives or exports, where no file is attached',
      },
      positive: { name: 'positive', description: 'false marks the answers as undesirable (for dpo and kto)' },
      skip_invalid: { name: 'skip_invalid', description: 'true takes the good lines and lists the bad ones' },
      epochs: { name: 'epochs', description: 'how often the whole dataset is gone through' },
      hyperparameters: {
        name: 'hyperparameters',
        description: 'what else the trainer takes, such as "batch_size=8 learning_rate=0.0001"',
      },
      confirm: { name: 'confirm', description: 'true trains also where it costs money, without asking' },
    },
  },
  wait: {
    name: 'wait',
    summary: 'waits until a training job has ended',
    example: 'wait',
    options: {
      job: { name: 'job', description: 'the job; the latest one where it is left out' },
    },
  },
  jobs: {
    name: 'jobs',
    summary: 'lists the training jobs, the newest first',
    example: 'jobs limit=5',
    options: {
      before: { name: 'before', description: 'only those before this job' },
      limit: { name: 'limit', description: 'how many' },
    },
  },
  job: {
    name: 'job',
    summary: 'shows the state, progress, loss and result of a training job',
    example: 'job last',
    options: {
      job: { name: 'job', description: 'the job, by its id or last' },
    },
  },
  cancel: {
    name: 'cancel',
    summary: 'stops a training job',
    example: 'cancel last',
    options: {
      job: { name: 'job', description: 'the job, by its id or last' },
    },
  },
  pause: {
    name: 'pause',
    summary: 'pauses a training job, where it is trained on a server that can',
    example: 'pause last',
    options: {
      job: { name: 'job', description: 'the job, by its id or last' },
    },
  },
  resume: {
    name: 'resume',
    summary: 'lets a paused training job go on',
    example: 'resume last',
    options: {
      job: { name: 'job', description: 'the job, by its id or last' },
    },
  },
  models: {
    name: 'models',
    summary: 'says which model answers here and lists the trained ones, the newest first',
    example: 'models',
    options: {
      before: { name: 'before', description: 'only those before this model' },
      limit: { name: 'limit', description: 'how many' },
    },
  },
  promote: {
    name: 'promote',
    summary: 'lets a model answer here, the newest one trained where none is named',
    example: 'promote reason="it knows the opening hours"',
    options: {
      model: { name: 'model', description: 'the model, by its id or last' },
      reason: { name: 'reason', description: 'why, for the record' },
    },
  },
  rollback: {
    name: 'rollback',
    summary: 'lets the model before this one answer again',
    example: 'rollback reason="it forgot the opening hours"',
    options: {
      reason: { name: 'reason', description: 'why, for the record' },
    },
  },
  test: {
    name: 'test',
    summary: 'asks the active model test questions and scores its answers',
    example: 'test [{"prompt": "What is the capital of France?", "expected": "Paris"}]',
    options: {
      cases: {
        name: 'cases',
        description: 'JSON: one object or an array of {"prompt" or "messages", "expected" if there is one}',
      },
    },
  },
  evaluate: {
    name: 'evaluate',
    summary: 'scores a model, and the active one beside it, on what was held out of its training',
    example: 'evaluate last',
    options: {
      model: {
        name: 'model',
        description: 'the model, by its id or last; the newest one where it is left out',
      },
    },
  },
  history: {
    name: 'history',
    summary: 'shows what happened, or what anything was made from and what became of it',
    example: 'history last',
    options: {
      id: {
        name: 'id',
        description: 'an answer (or last), correction, dataset, job, model, evaluation, member or event',
      },
      before: { name: 'before', description: 'only what happened before this event' },
      limit: { name: 'limit', description: 'how many events, or things of a kind' },
    },
  },
  datasets: {
    name: 'datasets',
    summary: 'lists the datasets, the newest first',
    example: 'datasets limit=5',
    options: {
      before: { name: 'before', description: 'only those before this dataset' },
      limit: { name: 'limit', description: 'how many' },
    },
  },
  dataset: {
    name: 'dataset',
    summary: 'shows what a dataset holds and where each example comes from',
    example: 'dataset last limit=3',
    options: {
      dataset: { name: 'dataset', description: 'the dataset, by its id or last' },
      after: { name: 'after', description: 'only the examples after this line' },
      limit: { name: 'limit', description: 'how many examples' },
      verify: { name: 'verify', description: 'true builds it again from the ledger and compares every byte' },
    },
  },
  diff: {
    name: 'diff',
    summary: 'shows what changed from one dataset to another, and why',
    example: 'diff 1a2b3c4d last',
    options: {
      from: { name: 'from', description: 'the earlier dataset, by its id or last' },
      to: { name: 'to', description: 'the later dataset, by its id or last' },
      limit: { name: 'limit', description: 'how many differences of each kind are shown' },
    },
  },
  export: {
    name: 'export',
    summary: 'writes a dataset into a file and sends it, with its manifest where the format stays the same',
    example: 'export last format=sft',
    options: {
      dataset: { name: 'dataset', description: 'the dataset, by its id or last' },
      format: { name: 'format', description: 'sft, dpo or kto; as it is where it is left out' },
    },
  },
  select_dataset: {
    name: 'select_dataset',
    summary: 'takes a file or a directory of training data into the store',
    example: 'select_dataset datasets/faq.jsonl',
    options: {
      path: { name: 'path', description: 'a file or directory in datasets, archives or exports' },
      positive: { name: 'positive', description: 'false marks the answers as undesirable (for dpo and kto)' },
      skip_invalid: { name: 'skip_invalid', description: 'true takes the good lines and lists the bad ones' },
    },
  },
  archive: {
    name: 'archive',
    summary: 'writes a directory into a verified zip; the directory stays as it is',
    example: 'archive datasets',
    options: {
      directory: { name: 'directory', description: 'a directory in datasets, archives or exports' },
    },
  },
  getfile: {
    name: 'getfile',
    summary: 'sends a file from the datasets, archives and exports',
    example: 'getfile exports/answers.jsonl',
    options: {
      path: { name: 'path', description: 'the file, as it was named when it was written' },
    },
  },
  join: {
    name: 'join',
    summary: 'brings the bot into your voice channel, where it says its answers',
    example: 'join',
    options: {},
  },
  leave: {
    name: 'leave',
    summary: 'takes the bot out of the voice channel',
    example: 'leave',
    options: {},
  },
  skip: {
    name: 'skip',
    summary: 'ends what the bot is saying and goes on with the next reply',
    example: 'skip',
    options: {},
  },
  silence: {
    name: 'silence',
    summary: 'ends what the bot is saying and all that waits to be said',
    example: 'silence',
    options: {},
  },
  listen: {
    name: 'listen',
    summary: 'lets the bot hear those in your voice channel who have consented, or ends that',
    example: 'listen off',
    options: {
      state: { name: 'state', description: 'on or off', choices: { on: 'on', off: 'off' } },
    },
  },
  ask: {
    name: 'ask',
    summary: 'asks the model, as writing without a command does',
    example: 'ask When does the harbour open?',
    options: { question: { name: 'question', description: 'what you want to know' } },
  },
  review: {
    name: 'review',
    summary: 'shows the corrections that wait for a trainer, or decides on one',
    example: 'review',
    options: {
      correction: { name: 'correction', description: 'the correction to decide on, by its id or last' },
      decision: {
        name: 'decision',
        description: 'approve or reject',
        choices: { approve: 'approve', reject: 'reject' },
      },
      text: { name: 'text', description: 'the better answer as it is approved, where it is edited' },
      question: { name: 'question', description: 'the question as it is approved, where it is edited' },
      reason: { name: 'reason', description: 'why, for the record' },
      after: { name: 'after', description: 'only those that stand after this correction in the queue' },
      limit: { name: 'limit', description: 'how many' },
    },
  },
  privacy: {
    name: 'privacy',
    summary: 'shows what is kept of you, takes or withdraws your consent to train on it, or exports it all',
    example: 'privacy show',
    options: {
      action: {
        name: 'action',
        description: 'show, consent, withdraw or export',
        choices: { show: 'show', consent: 'consent', withdraw: 'withdraw', export: 'export' },
      },
    },
  },
  policy: {
    name: 'policy',
    summary: "shows what may be trained on here, or records Discord's permission to train on messages",
    example: 'policy permission="Discord ticket 12345 of 3 May 2026"',
    options: {
      permission: {
        name: 'permission',
        description: "where Discord's written permission can be found, for the record",
      },
      revoke: { name: 'revoke', description: 'true takes the permission back' },
    },
  },
  settings: {
    name: 'settings',
    summary:
      'shows or changes who is a trainer, where the bot answers, the review, the gate and the language',
    example: 'settings review=off',
    options: {
      trainers: {
        name: 'trainers',
        description: 'the roles of the trainers, all of them, in place of those set before; or none',
        choices: { none: 'none' },
      },
      channels: {
        name: 'channels',
        description: 'where every message is a question, all of them, in place of those set before; or none',
        choices: { none: 'none' },
      },
      review: {
        name: 'review',
        description: 'untrusted (corrections by members who are no trainers wait) or off',
        choices: { untrusted: 'untrusted', off: 'off' },
      },
      language: {
        name: 'language',
        description: "en, ru, or place for the place's own",
        choices: { en: 'en', ru: 'ru', place: 'place' },
      },
      gate: {
        name: 'gate',
        description: 'evaluation (only a model that tests better than the active one is promoted) or off',
        choices: { off: 'off', evaluation: 'evaluation' },
      },
      trainer: {
        name: 'trainer',
        description: "what trains here and whose base model answers, or usual for the operator's usual one",
        choices: { usual: 'usual' },
      },
    },
  },
};
