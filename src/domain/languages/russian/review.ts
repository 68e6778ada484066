import type { Words } from '../words.ts';
import { plural } from './plural.ts';

export const review: Words['review'] = {
  unknown: (correction) =>
    `Такого исправления этого ответа нет: ${correction}; !рассмотреть показывает те, что ждут рассмотрения.`,
  decided: {
    standing: (correction) => `Исправление ${correction} уже учитывается, решать больше нечего.`,
    rejected: (correction) => `Исправление ${correction} уже отклонено, решать больше нечего.`,
    withdrawn: (correction) => `Исправление ${correction} отозвано его автором, решать больше нечего.`,
  },
  own: 'Ваше исправление ждёт тренера, и это должен быть кто-то другой; попросите его.',
  forTrainers: 'Решать об исправлениях могут только тренеры; попросите одного из них.',
  none: 'Ни одно исправление не ждёт рассмотрения.',
  noFurther: (prefix) =>
    `Дальше ни одно исправление не ждёт рассмотрения; ${prefix}рассмотреть показывает первые.`,
  heading: (corrections) =>
    `${plural(corrections, 'исправление ждёт', 'исправления ждут', 'исправлений ждут')} рассмотрения, сначала самые старые:`,
  answer: ({ answer, question, response }) => `Ответ ${answer} на «${question}»: «${response}»`,
  standing: ({ correction, text }) => `сейчас учитывается: «${text}» (исправление ${correction})`,
  waiting: ({ correction, text, question, member, time }) =>
    `${correction}, автор ${member}, ${time}: ${question === null ? '' : `«${question}» → `}«${text}»`,
  disagree: (corrections) =>
    `Противоречат друг другу: ${plural(corrections, 'исправление', 'исправления', 'исправлений')}; из одобренных учитывается данное последним.`,
  moreOfAnswer: (more) => `… и ещё ${plural(more, 'исправление', 'исправления', 'исправлений')} этого ответа`,
  more: (correction) => `дальше: после=${correction}`,
  howTo: (prefix) =>
    `${prefix}рассмотреть исправление=ID решение=одобрить (или отклонить) — решить; с текст=… и вопрос=… одобряется изменённый вариант.`,
  approved: ({ correction, answer, isEdited, prefix }) =>
    `Исправление ${correction} ответа ${answer} одобрено${isEdited ? ' в вашей редакции' : ''}; ${prefix}переобучить научит ему модель.`,
  rejected: ({ correction, answer }) =>
    `Исправление ${correction} ответа ${answer} отклонено и не войдёт ни в один набор данных.`,
  decisionMissing: 'Укажите исправление и решение: исправление=ID решение=одобрить или решение=отклонить.',
  textOfRejected:
    'Отклонённое исправление не редактируют; уберите параметры текст и вопрос или одобрите его.',
  reasonOfApproved: 'Причина указывается при отклонении; уберите её или отклоните исправление.',
  pageOfDecision: 'Параметры после и сколько относятся к списку; уберите их, чтобы решить об исправлении.',
  approveButton: (correction) => `Одобрить ${correction}`,
  editButton: (correction) => `Изменить ${correction}`,
  rejectButton: (correction) => `Отклонить ${correction}`,
};
