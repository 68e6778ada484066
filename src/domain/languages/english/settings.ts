import { listed } from './listed.ts';

/** How a place is run. Roles and channels come as they are to be shown. */
export const settings = {
  trainers: (roles: readonly string[]) =>
    roles.length === 0
      ? 'Trainers: those who manage this place.'
      : `Trainers: those who manage this place, and the holders of ${listed(roles, 'and')}.`,
  channels: (channels: readonly string[]) =>
    channels.length === 0
      ? 'Every message is a question: in no channel; elsewhere the bot answers where it is addressed.'
      : `Every message is a question in ${listed(channels, 'and')}; elsewhere the bot answers where it is addressed.`,
  review: {
    untrusted: 'Review: corrections by members who are no trainers wait for a trainer.',
    off: 'Review: off, every correction counts at once.',
  },
  language: {
    en: 'Language: English.',
    ru: 'Language: Russian.',
    place: "Language: the place's own.",
  },
  gate: {
    off: 'Gate: off, any model that answers may be promoted.',
    evaluation:
      'Gate: evaluation, a model is promoted only where it does better than the active one on what was held out of its training.',
  },
  trainer: (trainer: string) => `Trainer: ${trainer}.`,
  usualTrainer: (trainer: string) => `Trainer: ${trainer}, the operator's usual one.`,
  trainerNotSetUp: (trainer: string) => `Trainer: ${trainer}, which is not set up any more.`,
  noTrainer: ({ trainer, known }: { trainer: string; known: readonly string[] }) =>
    `No trainer ${trainer} is set up; choose ${listed(known, 'or')}, or usual for the operator's usual one.`,
  changed: 'The settings are changed.',
  unchanged: 'The settings were already so; nothing was recorded.',
  notIds: (most: number) => `it must be ids with commas between them, at most ${most}, or none to have none`,
};
