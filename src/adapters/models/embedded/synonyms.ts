import { stemGroups } from './stems.ts';

/**
 * Words of everyday questions that stand for one another, a group a line; a word may be in several groups.
 * Inflected forms need no mention where the stemmer leads them to one stem.
 */
const ENGLISH = `
  howmuch price cost fee charge expensive pricing pay
  pay payment paid settle
  free gratis complimentary
  cheap inexpensive affordable
  howmany number amount quantity count
  howlong duration length period last
  howoften frequency frequent regularly interval
  howfar distance far
  howbig size big large
  howold age old
  howtall height tall high
  whattime when time date hours schedule timetable
  open opening hours
  where location address located situated place whereabouts
  why reason cause whatfor
  how way method steps procedure process instructions guide
  who person responsible
  maximum max limit most
  minimum min least
  get obtain receive acquire
  buy purchase order
  sell sale
  begin start commence launch
  end finish complete conclude expire
  cancel terminate end quit
  stop quit halt
  change modify alter edit switch adjust
  swap switch exchange trade
  replace replacement substitute
  fix repair mend
  solve resolve fix
  broken broke damaged faulty defective
  delete remove erase deletion removal
  create make build generate add
  add insert append
  send ship deliver dispatch
  post mail postal
  delivery shipping shipment
  return refund reimburse reimbursement repay
  allowed allow permitted permit permission authorized ok okay possible
  forbidden prohibited banned illegal
  required necessary need mandatory obligatory compulsory requirement require
  find locate search look
  phone telephone mobile cellphone smartphone cell
  call ring phone dial
  email mail
  website site webpage page homepage
  internet online web net
  wifi internet wireless
  password passcode passphrase
  login signin logon
  register enrol enroll signup registration enrolment enrollment join
  join membership member
  subscribe subscription
  account profile
  customer client
  name nickname username nick
  help support assist assistance
  problem issue trouble
  error failure fault bug
  fail crash failure
  slow sluggish lag laggy
  fast quick rapid speed
  small little tiny
  early earlier soon
  late delayed overdue delay
  child kid children son daughter
  baby infant toddler
  elderly senior pensioner retiree retired
  friend mate buddy pal
  colleague coworker
  doctor physician
  car vehicle automobile
  bike bicycle cycle
  train railway rail
  flat apartment
  house home
  rubbish trash garbage waste refuse litter
  shop store
  holiday vacation
  break holiday vacation
  food eat meal
  drink beverage
  clothes clothing wear dress outfit
  picture photo image photograph
  film movie
  document paper paperwork
  form application
  licence license permit
  job work employment position vacancy career
  salary wage
  boss manager director head leader chief
  company business firm
  meeting appointment
  book reserve booking reservation
  ticket pass
  discount reduction reduced
  voucher coupon
  fine penalty
  rule regulation policy guideline
  complain complaint
  report notify inform tell
  contact reach
  choose select pick
  show display view
  enable activate turnon switchon
  disable deactivate turnoff switchoff
  install setup installation
  configure setup configuration settings config set
  settings options preferences
  update upgrade
  save store keep
  copy backup duplicate
  computer pc
  laptop notebook
  program app application software
  run execute start launch
  check verify test
  connect link pair connection
  lose lost missing misplace
  steal theft stolen rob
  urgent emergency
  ill sick
  medicine drug medication
  pill tablet
  vaccine vaccination jab
  pet animal
  dog puppy
  cat kitten
  clean wash cleaning
  cook prepare bake
  road street
  city town municipal
  vote election ballot voting
  money cash
  bill invoice
  receipt bill
  contract agreement
  rent lease
  rent hire
  guest visitor
  noise loud noisy
  quiet silent silence
  light lamp
  student pupil
  teacher instructor tutor
  course class lesson
  exam test
  learn study
  translate translation
  speak talk
  song music
  sing singing
  cheat hack cheater hacker
  inactive idle
  visit attend come
  leave exit depart
  arrive reach
  entry entrance admission
  enter access
  accessible access
  close closed shut
  yearly annual annually
  donate donation give
  gift present
  suggest recommend propose suggestion recommendation
  mean meaning definition explain
  renew extend prolong renewal extension
  borrow loan lend
  objection object oppose
  appeal dispute contest
  apply application
  accept take
  collect pickup fetch
  dispose discard throwaway ridof
  dead die death died
  marriage wedding marry married
  happen occur
  protect secure
  block ban
  restore recover reset
  forget forgot forgotten
  move transfer relocate
  screen monitor
  sound audio
  luggage baggage suitcase
  party celebration event
  instalment installment
  ingredient contain contents made
  pick choose
  near nearby close
  tap faucet
  lift elevator
  pavement sidewalk
  petrol gas fuel
  lorry truck
  toilet restroom bathroom wc
  mum mom mother
  dad father
  shoe boot
  sofa couch
  cv resume
  colour color
  favourite favorite
  centre center
  cancel cancellation
  cli commandline
`;

const RUSSIAN = `  сколькостоит цена стоимость почем стоит стоят платить расценки
  платить оплатить оплата платеж заплатить расплатиться
  восколько когда время часы
  когда дата день число срок
  какдолго длительность продолжительность длится времени срок
  какчасто частота часто
  сколько количество число
  где адрес находится расположен место находитесь
  куда где
  почему отчего зачем причина
  как способ порядок инструкция
  кто кем
  бесплатно бесплатный даром
  дешево недорого дешевый
  дорого дорогой
  работает открыт открыто работаете
  открыть открывается открываетесь открыта открыт открытие
  закрыть закрыт закрывается закрыто выходной
  купить приобрести покупка
  продать продавать продаете продажа
  заказать заказ заказывать
  доставка доставить доставляете привезти
  вернуть возврат возвращать возвращают
  вернуть восстановить
  записаться запись записать
  отменить отмена
  сменить поменять изменить смена менять изменение
  перейти переход
  перенести перенос
  удалить удаление стереть убрать
  подключить подключение подключается включить
  включить активировать включение активация
  отключить отключение выключить
  установить установка поставить
  настроить настройка настройки
  начать начало начинается
  закончить конец окончание заканчивается
  сделать делать делаете изготовить
  приготовить готовить
  подготовить подготовка готовить подготовиться
  починить ремонт отремонтировать исправить
  сломался сломан поломка
  проверить проверка
  узнать посмотреть проверить
  найти искать поиск
  получить взять забрать получение
  отдать сдать
  отправить послать отправка
  пришел приходит доходит прийти приходят доходят
  потерять потерял потеряла утерян потеря утеря
  забыть забыл забыла
  можно разрешено разрешается допускается разрешен разрешена
  нельзя запрещено запрещен
  нужен необходим требуется обязателен нужны
  документ справка бумаги
  паспорт удостоверение
  скидка льгота акция
  карта карточка
  наличные деньги
  телефон мобильный смартфон
  звонок звонить позвонить разговор вызов
  интернет сеть онлайн
  сайт страница
  почта письмо
  пароль код
  ошибка сбой
  проблема неполадка
  медленно медленный тормозит
  быстро быстрый скорость
  большой крупный
  маленький небольшой
  ребенок дети детский ребенку детей
  собака пес щенок
  кошка кот котенок кошке
  животное питомец
  врач доктор
  лекарство препарат таблетка
  прививка вакцинация вакцина
  операция стерилизация
  дом домой
  граница рубеж
  работа вакансия устроиться трудоустройство
  магазин лавка
  еда кормить корм питание
  поесть есть покушать
  билет вход
  вход посещение
  выставка экспозиция
  экскурсия тур
  фотографировать фотосъемка снимать фото
  доехать добраться проехать дорога
  машина автомобиль
  подарить дар подарок
  основать основатель основан
  отзыв мнение
  состав ингредиенты делают входит
  хранить хранение
  свежий свежая
  праздник отпраздновать отметить
  сотрудник работник
  начальник директор руководитель
  пенсионер пожилой
  студент студенческий
  номер телефон
  заблокировать блокировка блокировать
  оформить оформление
  раздать раздавать раздача
  рассрочка кредит
  срок период
  симка сим
  пропуск билет
`;

interface Groups {
  /** In their order. */
  readonly stems: readonly (readonly string[])[];
  /** The numbers of the groups that a stem belongs to. */
  readonly numbers: ReadonlyMap<string, readonly number[]>;
}

let known: Groups | null = null;

/** Stemmed when somebody first asks for them, which nobody does while a model is trained. */
function groups(): Groups {
  known ??= readGroups();
  return known;
}

function readGroups(): Groups {
  const stems = stemGroups(ENGLISH + RUSSIAN);
  const numbers = new Map<string, number[]>();
  for (const [number, group] of stems.entries()) {
    for (const stem of group) numbers.set(stem, [...(numbers.get(stem) ?? []), number]);
  }
  return { stems, numbers };
}

/** Whether two words, given by their stems, stand for one another. */
export function areSynonyms(a: string, b: string): boolean {
  const { numbers } = groups();
  const ofB = numbers.get(b);
  return ofB !== undefined && numbers.get(a)?.some((number) => ofB.includes(number)) === true;
}

/** The stems of a word's groups, its own among them; none where it is in no group. */
export function synonymsOf(stem: string): ReadonlySet<string> {
  const { stems, numbers } = groups();
  return new Set(numbers.get(stem)?.flatMap((number) => stems[number] ?? []));
}
