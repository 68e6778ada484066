import type { Words } from '../languages.ts';

export const corrections: Words['corrections'] = {
  withdrawn: ({ correction, answer }) =>
    `Исправление ${correction} ответа ${answer} отозвано; больше оно не войдёт ни в один набор данных.`,
};
