/** Why somebody cannot be spoken to, or heard, in a voice channel. */
export const voiceConnection = {
  unknown: (channel: string) =>
    `${channel} is no voice channel that I see; name one that I may view, or go into one and call me.`,
  stage: (channel: string) => `${channel} is a stage, where I cannot speak; use an ordinary voice channel.`,
  mayNotConnect: (channel: string) =>
    `I may not connect to ${channel}; whoever manages the server can grant me “Connect” there.`,
  mayNotSpeak: (channel: string) =>
    `I may not speak in ${channel}; whoever manages the server can grant me “Speak” there.`,
  mayNotTell: (channel: string) =>
    `I may not write in ${channel}, so I could not tell people there that I listen; whoever manages the server can grant me “Send Messages” there.`,
  full: (channel: string) => `${channel} is full; make room, or use another voice channel.`,
  tooOften: (seconds: number) =>
    `I have come and gone too often within a minute; call me again in ${seconds} s.`,
  /** @param code with which the voice server closed the connection; null where it did not answer in time */
  failed: (channel: string, attempts: number, code: number | null) =>
    code === null
      ? `Discord's voice server did not answer in time, so I am not heard in ${channel} (attempts: ${attempts}); call me again in a while.`
      : `Discord's voice server did not let me in, so I am not heard in ${channel} (attempts: ${attempts}, code ${code}); call me again in a while.`,
  disconnected: (channel: string) => `Somebody disconnected me from ${channel}; call me again.`,
  ended: (channel: string) => `I left ${channel} before I was heard there; call me again.`,
  nowhere: 'I am in no voice channel, so there is nobody to hear; call me into one first.',
};
