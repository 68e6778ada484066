import { stemGroups } from './stems.ts';

/** Pairs of which only one can have been meant. */
const PAIRS = `
  open close
  opening closing
  start stop
  begin end
  enable disable
  activate deactivate
  turnon turnoff
  switchon switchoff
  buy sell
  import export
  upload download
  install uninstall
  join leave
  add remove
  create delete
  first last
  min max
  minimum maximum
  win lose
  before after
  accept reject
  approve reject
  connect disconnect
  lock unlock
  borrow return
  increase decrease
  send receive
  arrive leave
  early late
  hot cold
  day night
  morning evening
  summer winter
  men women
  adult child
  cheapest expensive
  открыть закрыть
  открывается закрывается
  открыт закрыт
  включить выключить
  подключить отключить
  купить продать
  начать закончить
  начинается заканчивается
  первый последний
  заблокировать разблокировать
  установить удалить
  взять вернуть
  отправить получить
  зима лето
  утро вечер
  взрослый ребенок
  минимум максимум
`;

const NEGATIONS = ['un', 'dis', 'de', 'in', 'non', 'раз', 'не'];

const opposites = new Map<string, Set<string>>();
for (const [one, other] of stemGroups(PAIRS)) {
  if (one === undefined || other === undefined) continue;
  opposites.set(one, (opposites.get(one) ?? new Set()).add(other));
  opposites.set(other, (opposites.get(other) ?? new Set()).add(one));
}

export function areOpposite(a: string, b: string): boolean {
  return opposites.get(a)?.has(b) === true || negates(a, b) || negates(b, a);
}

/** As "unlock" negates "lock". */
function negates(negated: string, stem: string): boolean {
  return stem.length >= 3 && NEGATIONS.some((negation) => negated === negation + stem);
}
