import { newStemmer } from 'snowball-stemmers';

const english = newStemmer('english');
const russian = newStemmer('russian');

/** Forms that no stemmer leads back to their word. */
const IRREGULAR: ReadonlyMap<string, string> = new Map(
  `
  become became
  begin began begun
  break broke broken
  bring brought
  build built
  buy bought
  catch caught
  choose chose chosen
  come came
  do did done does
  draw drew drawn
  drink drank drunk
  drive drove driven
  eat ate eaten
  fall fell fallen
  feed fed
  feel felt
  fight fought
  find found
  fly flew flown
  forget forgot forgotten
  freeze froze frozen
  get got gotten
  give gave given
  go went gone
  grow grew grown
  hear heard
  hide hid hidden
  hold held
  keep kept
  know knew known
  lead led
  leave left
  lend lent
  lose lost
  make made
  mean meant
  meet met
  pay paid
  ride rode ridden
  ring rang rung
  rise rose risen
  run ran
  say said
  see saw seen
  sell sold
  send sent
  shake shook shaken
  sing sang sung
  sink sank sunk
  sit sat
  sleep slept
  speak spoke spoken
  spend spent
  stand stood
  steal stole stolen
  swim swam swum
  take took taken
  teach taught
  tell told
  think thought
  throw threw thrown
  understand understood
  wake woke woken
  wear wore worn
  win won
  write wrote written
  child children
  foot feet
  goose geese
  half halves
  knife knives
  leaf leaves
  life lives
  man men
  mouse mice
  person people
  shelf shelves
  tooth teeth
  wife wives
  wolf wolves
  woman women
`
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [word = '', ...forms] = line.trim().split(' ');
      return forms.map((form): [string, string] => [form, word]);
    }),
);

/** What the inflected forms of a word have in common, by its script; other languages keep their forms. */
export function stemOf(word: string): string {
  if (/^\p{sc=Latin}+$/u.test(word)) return english.stem(IRREGULAR.get(word) ?? word) || word;
  if (/^\p{sc=Cyrillic}+$/u.test(word)) return russian.stem(word) || word;
  return word;
}

/** Groups of words, one a line, as their stems. */
export function stemGroups(lines: string): string[][] {
  return lines
    .trim()
    .split('\n')
    .map((line) => [...new Set(line.trim().split(/\s+/).map(stemOf))]);
}
