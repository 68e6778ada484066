/**
 * Words that say little about what a question is about, whatever a model has learned: with a handful of
 * learned prompts their frequency alone cannot tell. Lower case, without diacritics on Latin letters.
 */

/** Articles, pronouns, prepositions, auxiliaries and courtesies. */
const FILLERS = `
  a an the this that these those there here it its itself he him his she her hers they them their we us our ours
  i me my mine myself you your yours yourself one ones someone somebody something anyone anybody anything
  and or but if so than then as of at by for from in into on onto off out over to up with about per via
  is are am be been being was were do does did doing done have has had having will would shall should can could
  may might must ought cannot not no nor yes ok okay
  please pls plz thanks thank hi hello hey hiya dear greetings sorry excuse
  tell say let know explain ask asks asked asking bother wonder wondering curious question just also too very really quite actually
  some any all each every other another such only own same both few more most much many lot
  now again still already yet ever even maybe perhaps
  и а но или да нет не ни же ли бы б то это этот эта эти того этого этой тот та те там тут здесь так такой такая
  такое такие я мне меня мной мы нам нас нами ты тебе тебя вы вам вас вами он его ему им она ее ей они их ими
  мой моя мое мои моего моей моих моему свой своя свое свои своего своей своих своим ваш ваша ваше ваши вашего
  вашей ваших вашем вашу наш наша наше наши себя себе собой кто-то что-то
  в во на за из у к ко по с со о об обо от до для при под над без между через про перед
  быть есть был была было были будет будут буду можно могу может можете можем нужно надо нужен нужна нужны
  пожалуйста подскажите скажите подскажи скажи здравствуйте привет спасибо заранее извините простите вопрос вопросик интересует интересно скажи
  уже еще только тоже также очень если чтобы чтоб вот ну все всё весь вся всего всех
  der das dem den ein eine einen einem einer und oder ist sind ich du er sie es wir ihr mein meine kann konnen
  bitte danke hallo zu im am auf fur mit von nicht auch
  le la les un une des du de et ou est sont je tu il elle nous vous ils mon ma mes peut puis que qui ne pas
  s'il plait merci bonjour au aux sur dans avec
  el los las una unos unas y o es son yo ella nosotros mi mis puedo puede favor gracias hola al del en con por para
  lo gli uno e sono io lei noi posso puo grazie ciao di da nel con per
  і й та або чи це цей ця ці я ми ви він вона вони мій моя моє мої для від до на у в з із за як що
`;

/** They say what kind of answer is wanted, which sets apart questions about one thing. */
const QUESTION_WORDS = `
  how what when where who whom whose why which whether
  howmuch howmany howlong howoften howfar howbig howold howtall whattime whatfor
  как что чего чему чем когда где куда откуда кто кого кому кем чей почему зачем отчего какой какая какое какие
  какого каком какую каких сколько скольки который которая которое которые
  сколькостоит восколько какчасто какдолго сколькодлится
  wie was wann wo wer wen wem warum wieso welche welcher welches wieviel
  comment quand ou quoi quel quelle quels quelles pourquoi combien
  como cuando donde quien cual cuales porque cuanto cuanta
  come quando dove chi perche quale quanto
  коли де хто чому який яка яке які скільки
`;

/** Verbs and nouns that go with any subject. */
const COMMON_WORDS = `
  get gets getting got make makes making made need needs needed want wants wanted like go goes going gone went come
  comes coming use uses using used find finds finding found give gives giving take takes taking taken put see
  look looking try trying happen happens mean means work works working way ways thing things time times people
  person place someone possible able best better new long first last next able allowed there's help
  start begin become good kind type sort part different difference example name number
  question questions quick quickly inadvance idea advice
  делать сделать делаю делаете делают сделаю хочу хотел хотела хотим хотелось хочется иметь имею имеется
  взять дать давать дают идти пойти найти получить получать узнать знать использовать
  работает работать работают находится стать становится место время раз новый лучше лучший больше хорошо
  человек люди вещь часть вид пример называется можете возможно хороший добрый
  machen gibt geht brauche mochte haben werden
  faire avoir peux veux besoin
  hacer tener quiero necesito hay
`;

export type WordClass = 'filler' | 'question' | 'common' | 'content';

const classes = new Map<string, WordClass>();
for (const [wordClass, words] of [
  ['filler', FILLERS],
  ['common', COMMON_WORDS],
  ['question', QUESTION_WORDS],
] as const) {
  for (const word of words.trim().split(/\s+/)) classes.set(word, wordClass);
}

/** @param word in lower case, folded as `analyse` folds it */
export function classOf(word: string): WordClass {
  return classes.get(word) ?? 'content';
}
