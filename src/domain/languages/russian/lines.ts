import type { Words } from '../words.ts';

const jsonProblems: Readonly<Record<string, string>> = {
  InvalidSymbol: 'непонятный символ',
  InvalidNumberFormat: 'неправильное число',
  PropertyNameExpected: 'не хватает имени поля в кавычках',
  ValueExpected: 'не хватает значения',
  ColonExpected: 'не хватает двоеточия',
  CommaExpected: 'не хватает запятой',
  CloseBraceExpected: 'не хватает закрывающей фигурной скобки',
  CloseBracketExpected: 'не хватает закрывающей квадратной скобки',
  EndOfFileExpected: 'лишнее после конца',
  InvalidCommentToken: 'комментарии не допускаются',
  UnexpectedEndOfComment: 'комментарий не закрыт',
  UnexpectedEndOfString: 'строка в кавычках не закрыта',
  UnexpectedEndOfNumber: 'число обрывается',
  InvalidUnicode: 'неправильный код символа',
  InvalidEscapeCharacter: 'недопустимый символ после обратной черты',
  InvalidCharacter: 'недопустимый символ',
};

export const lines: Words['lines'] = {
  yes: ['да'],
  no: ['нет'],
  last: ['последний', 'последняя', 'последнее', 'последние'],
  optionTwice: (option) =>
    `Параметр ${option} указан дважды; укажите его один раз, а похожий на него текст возьмите в кавычки.`,
  noOptionLike: (word) =>
    `Параметра вроде «${word}» здесь нет; возьмите в кавычки текст, который похож на параметр.`,
  oneWordTooMany: (word) => `«${word}» — лишнее слово; возьмите текст с пробелами в кавычки.`,
  quoteNotClosed: (opening) => `Кавычка, которая открывается в «${opening}», не закрыта; закройте её.`,
  optionWrong: ({ option, complaint, usage }) =>
    `Параметр ${option} указан неверно: ${complaint} (как писать: ${usage}).`,
  optionMissing: ({ option, usage }) => `Не хватает параметра ${option} (как писать: ${usage}).`,
  notJson: (problem) => `Это неправильный JSON: ${problem}; поправьте и отправьте ещё раз.`,
  jsonTooDeep: 'слишком много вложенных уровней',
  jsonUnreadable: 'что-то в нём не читается',
  jsonProblem: ({ code, line, column }) =>
    `${jsonProblems[code] ?? 'что-то не так'}, строка ${line}, столбец ${column}`,
};
