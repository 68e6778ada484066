/** Without what steers a terminal and means nothing in a message. */
export function readable(text: string): string {
  return text.toWellFormed().replace(/(?![\n\t])\p{Cc}/gu, '');
}
