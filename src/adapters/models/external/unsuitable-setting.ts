/** Why the text of a setting cannot be taken. */
export class UnsuitableSetting extends Error {
  override readonly name = 'UnsuitableSetting';
}
