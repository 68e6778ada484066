import type { Words } from '../words.ts';

export const leftOut: Words['leftOut'] = {
  line: ({ count, reason, remedy }) =>
    `не вошло: ${count} (${reason}${remedy === null ? '' : `; ${remedy}`})`,
  reasons: {
    withdrawn: 'отозвано тем, кто это дал',
    rejected: 'отклонено при рассмотрении',
    awaiting_review: 'ждёт рассмотрения',
    superseded: 'действует более позднее исправление того же ответа',
    before_selection: 'дано раньше времени, указанного в параметре начиная_с',
    not_consented: 'автор не дал согласия',
    origin_not_permitted: 'правила не разрешают такое происхождение',
    erased: 'данные автора удалены',
    duplicate: 'такой же пример в наборе уже есть',
    too_long: 'слишком длинно',
    same_as_answer: 'исправление говорит то же, что и ответ',
    ratings_tied: 'оценок «за» и «против» поровну',
  },
  remedies: {
    awaiting_review: (prefix) => `решить может тренер: ${prefix}рассмотреть`,
    not_consented: (prefix) => `согласие даёт ${prefix}мои_данные согласие`,
    origin_not_permitted: (prefix) => `почему и что его разрешит, говорит ${prefix}правила_обучения`,
  },
};
