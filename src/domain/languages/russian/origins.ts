import type { Origin } from '../english/datasets.ts';

/** How a text reached us. */
export const origins: Readonly<Record<Origin, string>> = {
  message: 'сообщение',
  interaction: 'команда или форма',
  upload: 'вложение',
  voice: 'голос',
  console: 'консоль',
  file: 'файл',
};
