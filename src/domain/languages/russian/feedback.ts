import type { Words } from '../words.ts';

const recorded = { up: 'оценка 👍 записана', down: 'оценка 👎 записана', remark: 'замечание записано' };
const known = {
  up: 'оценка 👍 уже была записана',
  down: 'оценка 👎 уже была записана',
  remark: 'замечание уже было записано',
};

export const feedback: Words['feedback'] = {
  recorded: (kind) => `Спасибо, ${recorded[kind]}.`,
  recordedOn: ({ kind, answer, isNew }) => `Спасибо, ${(isNew ? recorded : known)[kind]} (ответ ${answer}).`,
  nothingSaid: (answer) => `Скажите, что вы думаете об ответе ${answer}: +, - или замечание.`,
};
