import type { Words } from '../words.ts';

export const actions: Words['actions'] = {
  promote: 'Назначить эту модель',
  train: 'Обучить',
  better: 'Исправить',
  older: 'Раньше',
  newest: 'Последние',
  next: 'Дальше',
  first: 'К началу',
  approve: 'Одобрить',
  edit: 'Изменить',
  reject: 'Отклонить',
  correctForm: { title: 'Исправить этот ответ', question: 'Вопрос', answer: 'Правильный ответ' },
  reviewForm: { title: 'Изменить и одобрить', question: 'Вопрос', answer: 'Правильный ответ' },
  menu: { correct: 'Исправить этот ответ', history: 'Откуда это взялось?' },
};
