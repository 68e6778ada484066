/** Expressions of two words that mean one thing, and the word that stands for them. */
const EXPRESSIONS: ReadonlyMap<string, string> = new Map(
  `
  how much: howmuch
  how many: howmany
  how long: howlong
  how often: howoften
  how frequently: howoften
  how far: howfar
  how big: howbig
  how large: howbig
  how old: howold
  how tall: howtall
  how high: howtall
  what time: whattime
  what date: whattime
  what day: whattime
  what days: whattime
  which day: whattime
  which days: whattime
  what year: whattime
  which year: whattime
  good morning: hello
  good afternoon: hello
  good evening: hello
  good day: hello
  in advance: inadvance
  log in: login
  log on: logon
  log out: logout
  sign in: signin
  sign on: signin
  sign out: logout
  sign up: signup
  set up: setup
  back up: backup
  check in: checkin
  check out: checkout
  pick up: pickup
  turn on: turnon
  turn off: turnoff
  switch on: switchon
  switch off: switchoff
  throw away: throwaway
  rid of: ridof
  user name: username
  nick name: nickname
  pass word: password
  web site: website
  home page: homepage
  cell phone: cellphone
  command line: commandline
  wi fi: wifi
  e mail: email
  добрый день: здравствуйте
  доброе утро: здравствуйте
  добрый вечер: здравствуйте
  доброго дня: здравствуйте
  сколько стоит: сколькостоит
  сколько стоят: сколькостоит
  во сколько: восколько
  со скольки: восколько
  до скольки: восколько
  к скольки: восколько
  какой день: когда
  какого числа: когда
  каком году: когда
  сколько времени: какдолго
  сколько длится: какдолго
  как долго: какдолго
  как часто: какчасто
`
    .trim()
    .split('\n')
    .map((line) => {
      const [expression = '', word = ''] = line.trim().split(': ');
      return [expression, word];
    }),
);

export function expressionOf(word: string, next: string): string | null {
  return EXPRESSIONS.get(`${word} ${next}`) ?? null;
}
