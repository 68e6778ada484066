import type { Words } from '../words.ts';

export const corrections: Words['corrections'] = {
  recorded: ({ correction, answer, prefix }) =>
    `Записано как исправление ${correction} ответа ${answer}. ${prefix}переобучить научит ему модель.`,
  waits: ({ correction, answer }) =>
    `Записано как исправление ${correction} ответа ${answer}. Оно будет учитываться, когда его одобрит тренер.`,
  textOrFile: 'Дайте правильный ответ текстом или одним вложенным файлом, но не тем и другим сразу.',
  notText: (file) => `${file} — не текст в UTF-8; пришлите правильный ответ простым текстом.`,
  fileTooLong: (file) => `Файл ${file} слишком длинный для правильного ответа; сократите его.`,
  badFile: ({ file, complaint }) =>
    `То, что в файле ${file}, не может быть правильным ответом: ${complaint}.`,
  withdrawn: ({ correction, answer }) =>
    `Исправление ${correction} ответа ${answer} отозвано; больше оно не войдёт ни в один набор данных.`,
};
