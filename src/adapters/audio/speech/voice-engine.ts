/** What speaks: eSpeak NG in this process, a voice of the system, nothing, or the first of them that there is. */
export const voiceEngines = ['auto', 'espeak', 'system', 'off'] as const;
export type VoiceEngine = (typeof voiceEngines)[number];
