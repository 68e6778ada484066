import type { Words } from '../words.ts';
import { form } from './plural.ts';

export const files: Words['files'] = {
  file: ({ path, size, sha256 }) => `${path} (${size}, SHA-256 ${sha256})`,
  archived: ({ files, directory, path, size, sha256 }) =>
    `В архиве ${path} (${size}, SHA-256 ${sha256}) ${files} ${form(files, 'файл', 'файла', 'файлов')} из ${directory}; он прочитан обратно и сверен. Исходные файлы остались на месте.`,
};
