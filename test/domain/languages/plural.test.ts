import { describe, expect, it } from 'vitest';
import { counted } from '../../../src/domain/languages/english/counted.ts';
import { listed as inEnglish } from '../../../src/domain/languages/english/listed.ts';
import { languages } from '../../../src/domain/languages/languages.ts';
import { listed as inRussian } from '../../../src/domain/languages/russian/listed.ts';
import { form, plural } from '../../../src/domain/languages/russian/plural.ts';

describe('a number and what is counted', () => {
  it.each([
    [0, '0 примеров'],
    [1, '1 пример'],
    [2, '2 примера'],
    [4, '4 примера'],
    [5, '5 примеров'],
    [11, '11 примеров'],
    [12, '12 примеров'],
    [14, '14 примеров'],
    [21, '21 пример'],
    [22, '22 примера'],
    [25, '25 примеров'],
    [101, '101 пример'],
    [111, '111 примеров'],
    [1_002, '1002 примера'],
  ])('agree in Russian: %i', (count, words) => {
    expect(plural(count, 'пример', 'примера', 'примеров')).toBe(words);
    expect(`${count} ${form(count, 'пример', 'примера', 'примеров')}`).toBe(words);
  });

  it.each([
    [1, '1 bad line was skipped:', 'Пропущена 1 неверная строка:'],
    [2, '2 bad lines were skipped:', 'Пропущены 2 неверные строки:'],
    [7, '7 bad lines were skipped:', 'Пропущено 7 неверных строк:'],
    [21, '21 bad lines were skipped:', 'Пропущена 21 неверная строка:'],
  ])('agree in whole sentences: %i', (count, en, ru) => {
    expect(languages.en.datasets.skipped(count)).toBe(en);
    expect(languages.ru.datasets.skipped(count)).toBe(ru);
  });

  it('agree in English', () => {
    const words = [counted(0, 'example'), counted(1, 'example'), counted(2, 'reply', 'replies')];
    expect(words).toEqual(['0 examples', '1 example', '2 replies']);
  });

  it.each<[readonly string[], string, string]>([
    [[], '', ''],
    [['a'], 'a', 'a'],
    [['a', 'b'], 'a or b', 'a или b'],
    [['a', 'b', 'c'], 'a, b or c', 'a, b или c'],
  ])('or several words are put into one sentence: %j', (words, en, ru) => {
    expect([inEnglish(words, 'or'), inRussian(words, 'или')]).toEqual([en, ru]);
  });

  it('agree where bytes are counted', () => {
    expect([1, 3, 1_000].map(languages.ru.bot.bytes)).toEqual(['1 байт', '3 байта', '1000 байт']);
  });
});
