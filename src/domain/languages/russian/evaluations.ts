import type { Words } from '../words.ts';
import { plural } from './plural.ts';

export const evaluations: Words['evaluations'] = {
  unusable: ({ question, field, complaint }) =>
    `Эти вопросы для проверки не подходят: ${question === null ? '' : `вопрос ${question}: `}${field === null ? '' : `${field}: `}${complaint}; пример покажет !помощь проверить.`,
  score: ({ evaluation, model, right, judged }) =>
    `Проверка ${evaluation} модели ${model}: ${judged === 0 ? 'ожидаемых ответов не указано' : `как ожидалось — ${right} из ${judged}`}.`,
  question: ({ number, mark, prompt, answer }) => `${number}. ${mark} ${prompt} (ответ ${answer})`,
  share: (share) => `${(share * 100).toFixed(1).replace('.', ',')} %`,
  compared: ({ evaluation, model, score, asked, examples, dataset, active }) => {
    const of = asked === examples ? '' : `, из них заданы ${asked}`;
    const rival = active === null ? '' : `, действующая модель ${active.model} — ${active.score}`;
    return `Проверка ${evaluation}: отложенные примеры набора данных ${dataset} (${plural(examples, 'пример', 'примера', 'примеров')}${of}), близость к ожидаемым ответам: модель ${model} — ${score}${rival}; !история ${evaluation} покажет ответы.`;
  },
  learnedAll:
    'Тот, кто обучал эту модель, ничего не откладывает: эти ответы она уже выучила, и проверка говорит лишь о том, как она их помнит.',
  notTrainedHere: (model) =>
    `Модель ${model} не обучена ни на одном наборе данных этого места, и проверить её не на чем; назначьте её с !настройки порог=выкл или вернитесь назад: !откатить.`,
  nothingHeldOut: ({ model, dataset }) =>
    `Из набора данных ${dataset} модели ${model} для проверки ничего не отложено, так бывает, когда разговоров мало; обучите на большем числе разговоров или назначьте без проверки: !настройки порог=выкл.`,
  unanswered: ({ model, unanswered, asked, reason }) =>
    `Модель ${model} оставила без ответа ${unanswered} из ${plural(asked, 'вопроса', 'вопросов', 'вопросов')}, поэтому сравнить модели нельзя; повторите, когда она будет отвечать, или назначьте без проверки: !настройки порог=выкл. Причина: ${reason}`,
  failed: (failure) => `сбой: ${failure}`,
  got: (got) => `получено: ${got}`,
  expected: (expected) => `ожидалось: ${expected}`,
  toTeach: ({ prefix, answer, text }) => `чтобы научить: ${prefix}исправить ${answer} ${text}`,
};
