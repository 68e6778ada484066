const rules = new Intl.PluralRules('ru');

/** `1 пример`, `2 примера`, `5 примеров`. */
export function plural(count: number, one: string, few: string, many: string): string {
  return `${count} ${form(count, one, few, many)}`;
}

/** The word alone as it stands after this number. */
export function form(count: number, one: string, few: string, many: string): string {
  switch (rules.select(count)) {
    case 'one':
      return one;
    case 'few':
      return few;
    default:
      return many;
  }
}
