import { counted } from './counted.ts';
import { listed } from './listed.ts';

/** Voice: being heard in a voice channel, and hearing. Members and channels come as they are to be shown. */
export const voice = {
  none: {
    console: 'The console has no voice; write instead.',
    discord:
      'There is no voice here: not in direct messages, and nowhere where the operator has switched it off; write instead.',
  },
  inNoChannel: 'You are in no voice channel; join one and try again.',
  joined: ({ channel, prefix }: { channel: string; prefix: string }) =>
    `I am in ${channel} now and say my answers to whoever sits there; ${prefix}leave sends me out.`,
  alreadyThere: (channel: string) => `I am in ${channel} already.`,
  left: (channel: string) => `I have left ${channel}.`,
  botInNoChannel: 'I am in no voice channel; !join calls me into yours.',
  skipped: 'Skipped.',
  nothingToSkip: 'I am saying nothing now, so there is nothing to skip.',
  silenced: (replies: number) =>
    `I am silent; ${counted(replies, 'reply was', 'replies were')} not said to the end.`,
  nothingToSilence: 'I am saying nothing, and nothing waits to be said.',
  noVoice: 'I have no voice at present, so I answer in writing.',
  cannotHear:
    'I cannot hear yet, because no server is set up that writes down speech; the operator sets OPENAI_API_KEY, OPENAI_BASE_URL for a server of their own such as Whisper, or TRANSCRIPTION for another one.',
  cannotDecode: 'I cannot hear, because voice is switched off here; write instead.',
  listening: {
    begins: (channel: string) => `I listen in ${channel} now.`,
    goesOn: (channel: string) => `I listen in ${channel} already.`,
    heard: (members: readonly string[]) =>
      `What they say is written down here and in the ledger, as they have consented: ${listed(members, 'and')}.`,
    nobodyHeard: 'Nobody there has consented, so nobody is heard.',
    unheard: ({ members, prefix }: { members: readonly string[]; prefix: string }) =>
      `Neither heard nor recorded: ${listed(members, 'and')}; ${prefix}privacy consent lets me hear you.`,
    answered: 'I answer what begins with my name, and whoever is alone with me without it.',
    later: (prefix: string) =>
      `The same holds for whoever joins later. ${prefix}privacy withdraw and ${prefix}listen off end it.`,
    ends: (channel: string) => `I do not listen in ${channel} any more; nobody is heard.`,
    isOff: 'I am not listening.',
    notConsented: 'You have not consented to being heard; !privacy consent does it.',
  },
  /** @param text what was said */
  heard: (text: string) => `Heard: ${text}`,
  /** What a member said in a voice channel. */
  overheard: ({ member, text }: { member: string; text: string }) => `${member}: ${text}`,
  cut: (seconds: number) =>
    `(Only the first ${counted(seconds, 'second')} of it: the rest is over the limit.)`,
  tooMuchHeard:
    'More is said here than I can write down, so part of it is lost; wait a moment before you go on.',
  heardTooOften: (member: string) =>
    `${member} speaks more often than I can write down, so part of it is lost; wait a minute.`,
  oneAtATime: (sounds: number) => `Those are ${counted(sounds, 'sound')}; send one at a time.`,
  nothingSaid: 'Nothing that I could make out was said in it; say it again, closer to the microphone.',
};
