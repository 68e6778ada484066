import type { Words } from '../words.ts';

export const conversation: Words['conversation'] = {
  cannotAnswer: (complaint) => `На это нельзя ответить: ${complaint}.`,
  usedId: 'Этот идентификатор команды уже использован для другого; пришлите новый.',
  answer: ({ response, answer }) => `${response}\n(ответ ${answer})`,
  failure: ({ failure, answer }) => `${failure} (ответ ${answer})`,
};
