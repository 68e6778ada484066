import type { Unwritten } from '../english/workspace.ts';
import type { Words } from '../words.ts';

const advice = 'укажите путь внутри datasets, archives или exports, например datasets/faq.jsonl';

/** After "нет". */
const sought = {
  file: 'файла',
  directory: 'каталога',
  'file or directory': 'файла или каталога',
} as const;

function notWritten(unwritten: Unwritten): string {
  switch (unwritten.kind) {
    case 'file':
      return `Файл ${unwritten.path} не записан`;
    case 'archive':
      return `Архив каталога ${unwritten.path} не записан`;
    case 'content':
      return 'Содержимое не записано';
    case 'folder':
      return 'Каталог для данных не создан';
  }
}

export const workspace: Words['workspace'] = {
  path: {
    empty: `Путь пуст; ${advice}.`,
    nul: `В пути есть нулевой символ (NUL); ${advice}.`,
    backslash: (path) => `В пути ${path} есть обратная косая черта; разделяйте имена знаком / и ${advice}.`,
    absolute: (path) => `Путь ${path} абсолютный; ${advice}.`,
    home: (path) => `Путь ${path} начинается с ~, а здесь это ничего не значит; ${advice}.`,
    upwards: (path) => `В пути ${path} есть .., и он может вести наружу; ${advice}.`,
    tooLong: (path) => `Путь ${path} слишком длинный; возьмите имена короче.`,
  },
  missing: {
    inFolder: ({ sought: what, path, place }) =>
      `Нет ${sought[what]} ${path}; файлы должны лежать в ${place}.`,
    elsewhere: ({ sought: what, path, elsewhere }) =>
      `В datasets нет ${sought[what]} ${path}; может быть, нужен ${elsewhere}?`,
    anywhere: ({ sought: what, path, place }) =>
      `В datasets, archives и exports нет ${sought[what]} ${path}; его место в ${place}.`,
  },
  neither: (path) => `${path} не файл и не каталог; укажите файл или каталог.`,
  isDirectory: (path) => `${path} — каталог, а нужен файл; укажите файл в нём.`,
  isFile: (path) => `${path} — файл, а нужен каталог; укажите каталог, в котором он лежит.`,
  outside: (path) =>
    `${path} — ссылка, которая ведёт за пределы datasets, archives и exports; положите вместо неё копию файла.`,
  gone: (path) => `${path} уже нет на месте; проверьте каталог и попробуйте ещё раз.`,
  forbidden: (path) => `Программе не разрешено читать ${path}; измените права доступа.`,
  circle: (path) => `${path} ведёт по ссылкам, замкнутым в круг; положите на это место сам файл.`,
  circleBelow: (path) => `${path} ведёт по ссылкам, замкнутым в круг; уберите ссылку.`,
  unreadable: ({ path, code }) => `${path} не читается (${code}); проверьте диск, на котором он лежит.`,
  changed: (path) => `${path} изменился во время чтения; повторите, когда в него никто не пишет.`,
  noFile: (path) => `В каталоге ${path} нет ни одного файла; положите туда файл или укажите другой каталог.`,
  tooManyFiles: (most) => `Файлов больше ${most}; укажите каталог, где их меньше.`,
  strangeName: ({ directory, name }) =>
    `В каталоге ${directory} у файла ${name} имя с обратной косой чертой или не в UTF-8; переименуйте его.`,
  exportName: (name) => `Выгрузку нельзя назвать ${name}; выберите имя без знака / и не с точки в начале.`,
  directoryInTheWay: (path) => `${path} — каталог; уберите его или выберите другое имя.`,
  fileInTheWay: ({ root, folders }) => `В ${root} на месте каталогов ${folders} лежит файл; перенесите его.`,
  unwritten: {
    full: (what) => `${notWritten(what)}: диск заполнен; освободите место и попробуйте ещё раз.`,
    forbidden: ({ what, code }) =>
      `${notWritten(what)}: программе не разрешено туда писать (${code}); измените права доступа к каталогу данных.`,
    nameTooLong: (what) => `${notWritten(what)}: имя слишком длинное; выберите имя короче.`,
  },
  archiveUnlike: ({ path, why }) =>
    `Архив выброшен, потому что ${path} читается из него не таким, каким был${why === null ? '' : ` (${why})`}; проверьте диск и попробуйте ещё раз.`,
};
