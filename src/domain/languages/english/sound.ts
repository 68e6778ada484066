import { counted } from './counted.ts';

interface Named {
  /** As the person who sent it named it. */
  readonly file: string;
}

/** Of speech that is made, and of sound that people send. */
export const sound = {
  /** What is said where something cannot be read out. */
  spoken: {
    code: 'Here stands some code.',
    link: 'a link',
    linkTo: (host: string) => `a link to ${host}`,
    spoiler: 'something hidden',
    member: 'a member',
    role: 'a role',
    channel: 'a channel',
    pointInTime: 'a point in time',
    theRest: 'The rest can be read in the text.',
  },
  /** Why nothing can be said aloud. */
  voice: {
    off: 'Speaking is switched off here; whoever runs the bot can switch it on with VOICE_ENGINE.',
    noEspeak: ({ package: name }: { package: string }) =>
      `The bot cannot speak because the optional package ${name} is not installed; install it, or set VOICE_ENGINE=system.`,
    noProgram: ({ program }: { program: string }) =>
      `The bot cannot speak because the program ${program} is not installed on its machine; install it, or choose another VOICE_ENGINE.`,
    noSystemVoice: ({ platform }: { platform: string }) =>
      `The bot cannot speak because it knows no voice of ${platform}; set VOICE_ENGINE=espeak.`,
    failed: ({ program }: { program: string }) =>
      `The bot could not speak because the program ${program} failed; try again, or choose another VOICE_ENGINE.`,
  },
  threads: {
    tooSlow: 'This sound took too long to work on; try a shorter one.',
    broken: 'The sound could not be made; try again.',
    busy: 'Too much sound is worked on at the moment; try again in a minute.',
    closing: 'The bot is about to stop; try again in a minute.',
    cancelled: 'The work on this sound was cancelled.',
  },
  files: {
    empty: ({ file }: Named) => `The file ${file} is empty; send the recording again.`,
    tooLarge: ({ file, megabytes }: Named & { megabytes: number }) =>
      `The file ${file} is larger than ${megabytes} MB; send a shorter recording.`,
    notSound: ({ file }: Named) =>
      `The file ${file} is not sound that can be read; send a recording such as an MP3, OGG, M4A or WAV file.`,
    otherThanNamed: ({ file, type }: Named & { type: string }) =>
      `The file ${file} is named as ${type}, but its content is no sound; send the recording itself.`,
    silentVideo: ({ file }: Named) => `The file ${file} has no sound in it; send one that has.`,
    cutOff: ({ file }: Named) =>
      `The file ${file} is damaged or ends too early; send the whole recording again.`,
    encrypted: ({ file }: Named) =>
      `The file ${file} is encrypted or protected against copying; send a recording without protection.`,
    tooSlow: ({ file, seconds }: Named & { seconds: number }) =>
      `The file ${file} could not be read within ${counted(seconds, 'second')}; send a shorter recording.`,
    nothingHeard: 'Nothing of what was said could be understood; say it again.',
  },
};
