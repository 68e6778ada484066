import type { Words } from '../words.ts';

export const evaluations: Words['evaluations'] = {
  unusable: ({ place, complaint }) =>
    `Эти вопросы для проверки не подходят${place === null ? '' : ` (место: ${place})`}: ${complaint}; пример покажет !помощь проверить.`,
  score: ({ evaluation, model, right, judged }) =>
    `Проверка ${evaluation} модели ${model}: ${judged === 0 ? 'ожидаемых ответов не указано' : `как ожидалось — ${right} из ${judged}`}.`,
  question: ({ number, mark, prompt, answer }) => `${number}. ${mark} ${prompt} (ответ ${answer})`,
  failed: (failure) => `сбой: ${failure}`,
  got: (got) => `получено: ${got}`,
  expected: (expected) => `ожидалось: ${expected}`,
  toTeach: ({ prefix, answer, text }) => `чтобы научить: ${prefix}исправить ${answer} ${text}`,
};
