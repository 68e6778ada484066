import { counted } from './counted.ts';

/** What a member is told of what is kept of them here. */
export const privacy = {
  heading: (member: string) => `What the ledger holds of you (${member}) in this place:`,
  figures: ({
    questions,
    corrections,
    feedback,
    utterances,
    others,
  }: {
    questions: number;
    corrections: number;
    feedback: number;
    /** Written down from recordings and voice channels. */
    utterances: number;
    others: number;
  }) =>
    [
      counted(questions, 'question'),
      counted(corrections, 'correction'),
      counted(feedback, 'rating or remark', 'ratings and remarks'),
      ...(utterances === 0 ? [] : [counted(utterances, 'thing that you said', 'things that you said')]),
      counted(others, 'other deed', 'other deeds'),
    ].join(', '),
  /** By what the member has said. */
  consent: {
    'given on purpose only':
      'Consent: you have said nothing. What you give on purpose, by forms, commands from the menu and files, may be trained on; what needs your consent may not.',
    consented:
      'Consent: given. All that you have written here may be trained on, earlier and later, as far as the policy permits it. Where I listen in a voice channel, I write down what you say.',
    withdrawn:
      'Consent: withdrawn. Nothing that you have written here goes into a dataset any more, and in voice channels you are not heard.',
    erased: 'Consent: you were erased. Nothing from before goes into a dataset any more.',
  },
  messages: {
    permitted:
      'Policy: messages of those who consented are trained on here, as a permission by Discord is on record.',
    forbidden:
      'Policy: messages are not trained on here, whoever consents, as no permission by Discord is on record.',
  },
  never:
    'The ledger never deletes anything, and a model keeps what it has learned; a withdrawal holds for every dataset that is built from then on.',
  howTo: (prefix: string) =>
    `${prefix}privacy consent and ${prefix}privacy withdraw change that; ${prefix}privacy export sends you all of it as a file.`,
  consented:
    'Your consent is recorded: all that you have written here, earlier and later, may be trained on as far as the policy permits it, and where I listen in a voice channel (!listen) I write down what you say.',
  alreadyConsented: 'Your consent was already recorded; nothing has changed.',
  withdrawn:
    'Your withdrawal is recorded: nothing that you have written here goes into a dataset that is built from now on. Datasets and models of before stay as they are. In voice channels you are not heard any more.',
  alreadyWithdrawn: 'Your withdrawal was already recorded; nothing has changed.',
  exported: ({ events, path, bytes }: { events: number; path: string; bytes: string }) =>
    `${counted(events, 'event')} in ${path} (${bytes}): all that the ledger holds of you in this place. The file is for you alone, and is kept for a day.`,
  exportGoesOn: 'Your export is still being written; ask again when it has come.',
};
