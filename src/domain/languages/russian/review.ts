import type { Words } from '../languages.ts';
import { plural } from './plural.ts';

export const review: Words['review'] = {
  unknown: (correction) =>
    `Такого исправления этого ответа нет: ${correction}; !review показывает те, что ждут проверки.`,
  decided: {
    standing: (correction) => `Исправление ${correction} уже учитывается, решать больше нечего.`,
    rejected: (correction) => `Исправление ${correction} уже отклонено, решать больше нечего.`,
    withdrawn: (correction) => `Исправление ${correction} отозвано его автором, решать больше нечего.`,
  },
  own: 'Ваше исправление ждёт тренера, и это должен быть кто-то другой; попросите его.',
  forTrainers: 'Решать об исправлениях могут только тренеры; попросите одного из них.',
  none: 'Ни одно исправление не ждёт проверки.',
  noFurther: 'Дальше ни одно исправление не ждёт проверки; !review показывает первые.',
  heading: (corrections) =>
    `${plural(corrections, 'исправление ждёт', 'исправления ждут', 'исправлений ждут')} проверки, сначала самые старые:`,
  answer: ({ answer, question, response }) => `Ответ ${answer} на «${question}»: «${response}»`,
  standing: ({ correction, text }) => `сейчас учитывается: «${text}» (исправление ${correction})`,
  waiting: ({ correction, text, question, member, time }) =>
    `${correction}, автор ${member}, ${time}: ${question === null ? '' : `«${question}» → `}«${text}»`,
  disagree: (corrections) =>
    `${plural(corrections, 'исправление', 'исправления', 'исправлений')} противоречат друг другу; из одобренных учитывается последнее.`,
  moreOfAnswer: (more) => `… и ещё ${plural(more, 'исправление', 'исправления', 'исправлений')} этого ответа`,
  more: (correction) => `дальше: after=${correction}`,
  howTo:
    '!review correction=ID decision=approve (одобрить) или reject (отклонить) — решение; с text=… и question=… одобряется исправленный вариант.',
  approved: ({ correction, answer, edited }) =>
    `Исправление ${correction} ответа ${answer} одобрено${edited ? ' в вашей редакции' : ''}; !retrain научит ему модель.`,
  rejected: ({ correction, answer }) =>
    `Исправление ${correction} ответа ${answer} отклонено и не войдёт ни в один набор данных.`,
  decisionMissing: 'Укажите исправление (correction=ID) и решение: decision=approve или decision=reject.',
  textOfRejected: 'Отклонённое исправление не редактируют; уберите text и question или одобрите его.',
  reasonOfApproved: 'Причина указывается при отклонении; уберите её или отклоните исправление.',
  pageOfDecision: 'after и limit относятся к списку; уберите их, чтобы решить об исправлении.',
  approveButton: (correction) => `Одобрить ${correction}`,
  editButton: (correction) => `Изменить ${correction}`,
  rejectButton: (correction) => `Отклонить ${correction}`,
};
