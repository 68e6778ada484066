/** What menus, forms and buttons themselves say. Discord takes 100 characters in a field and in a description. */
export const interactions = {
  notAnAnswer:
    'There is no answer of mine that this is about; choose the message that has the 👍 👎 ✏️ buttons under it.',
  nothingBehind:
    'I know of nothing that this message was made from; choose one of my answers, with the buttons under it.',
  unknownButton:
    'I do not know this button, perhaps it is of another version of me; use the command again for a new one.',
  unknownForm: 'I do not know this form, perhaps it is of another version of me; open it again.',
  unknownMenu:
    'I do not know this entry of the menu any more; Discord shows the new ones when it is started again.',
  formTooLate: 'Nothing was done, because I am too busy to show the form in time; try again.',
  formTooLong: 'Nothing was done, because that does not fit into a form; use the command instead.',
  goesWrong:
    'Something went wrong inside the bot, and it is not known whether that was done; look before you try again.',
  tooOften: 'That was too often; wait a moment and try again.',
  field: {
    tooLongToFill: 'Too long to stand here; write it anew, shorter.',
    tooLongToKeep: 'Too long to stand here; it stays as it is where this is left empty.',
  },
  file: { name: 'file', description: 'a file that is sent along' },
  /** Options for a second and third role or channel, and for none of them. */
  more: (option: string, number: number) => `another one for ${option} (${number})`,
  noneName: (option: string) => `no_${option}`,
  none: (option: string) => `true takes away what was set as ${option}`,
};
