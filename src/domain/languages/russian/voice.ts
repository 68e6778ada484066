import type { Words } from '../words.ts';
import { listed } from './listed.ts';
import { form, plural } from './plural.ts';

export const voice: Words['voice'] = {
  none: {
    console: 'В консоли голоса нет; пишите.',
    discord:
      'Голоса здесь нет: его нет в личных сообщениях и там, где его выключил администратор бота; пишите.',
  },
  inNoChannel: 'Вы не в голосовом канале; войдите в него и попробуйте ещё раз.',
  joined: ({ channel, prefix }) =>
    `Теперь я в ${channel} и говорю свои ответы тем, кто там; ${prefix}выйти отпустит меня.`,
  alreadyThere: (channel) => `Я уже в ${channel}.`,
  left: (channel) => `Меня больше нет в ${channel}.`,
  botInNoChannel: 'Меня нет в голосовых каналах; !войти позовёт меня в ваш.',
  skipped: 'Пропущено.',
  nothingToSkip: 'Я сейчас ничего не говорю, пропускать нечего.',
  silenced: (replies) =>
    `Молчу; до конца не ${form(replies, 'сказан', 'сказаны', 'сказано')} ${plural(replies, 'ответ', 'ответа', 'ответов')}.`,
  nothingToSilence: 'Я ничего не говорю, и ничто не ждёт очереди.',
  noVoice: 'Сейчас у меня нет голоса, поэтому я отвечаю письменно.',
  cannotHear:
    'Я пока не слышу: не настроен сервер, который записывает речь; администратор бота задаёт OPENAI_API_KEY, для своего сервера вроде Whisper OPENAI_BASE_URL или для другого TRANSCRIPTION.',
  cannotDecode: 'Я не слышу, потому что голос здесь выключен; пишите.',
  listening: {
    begins: (channel) => `Теперь я слушаю в ${channel}.`,
    goesOn: (channel) => `Я уже слушаю в ${channel}.`,
    heard: (members) =>
      `Сказанное ими записывается здесь и в журнал, потому что они дали согласие: ${listed(members, 'и')}.`,
    nobodyHeard: 'Согласия там никто не дал, поэтому никого не слышно.',
    unheard: ({ members, prefix }) =>
      `Не слышу и не записываю: ${listed(members, 'и')}; ${prefix}мои_данные согласие разрешит мне слышать вас.`,
    later: (prefix) =>
      `То же касается тех, кто войдёт позже. Прекратить: ${prefix}мои_данные отзыв и ${prefix}слушать выкл.`,
    ends: (channel) => `Я больше не слушаю в ${channel}; никого не слышно.`,
    isOff: 'Я не слушаю.',
    notConsented: 'Вы не дали согласия на то, чтобы вас слышали; его даёт !мои_данные согласие.',
  },
  heard: (text) => `Услышано: ${text}`,
  overheard: ({ member, text }) => `${member}: ${text}`,
  cut: (seconds) =>
    `(Только ${form(seconds, 'первая', 'первые', 'первые')} ${plural(seconds, 'секунда', 'секунды', 'секунд')}: остальное длиннее, чем принимается.)`,
  oneAtATime: (sounds) => `Здесь ${plural(sounds, 'запись', 'записи', 'записей')}; отправляйте по одной.`,
  nothingSaid: 'В записи ничего не разобрать; скажите ещё раз, поближе к микрофону.',
};
