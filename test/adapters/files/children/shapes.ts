const LONGEST = 4 * 2 ** 20;

const question = 'How do I reset my password for the forum?';
const answer = 'Open the settings, choose the account and press reset.';
const chat = JSON.stringify({
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});
const pair = JSON.stringify({ prompt: question, completion: answer });

/** What a file begins with and then repeats. */
const shapes: Readonly<Record<string, readonly [start: string, repeated: string]>> = {
  'chat lines': ['', `${chat}\n`],
  'an array': [`[${pair}`, `,${pair}\n`],
  CSV: ['prompt,completion\n', `${question},"${answer}"\n`],
  'bad lines': ['', 'This is a log file and no training data.\n'],
  'malformed lines': ['', '{"prompt": "How do I\n'],
  'blank lines': ['', '\n'],
  'one endless line': ['', 'x'],
  'one endless string': ['{"prompt":"', 'x'],
  'an array of one endless string': ['["', 'x'],
  'an array in an array in an array': ['', '['],
  'CSV with a quote that is never closed': ['prompt,completion\n"', 'x\n'],
  'CSV with nothing but separators': ['prompt,completion\n', ','],
  'lines as long as may be': ['', `{"prompt":"é${'x'.repeat(LONGEST - 100)}","completion":"y"}\n`],
  'malformed lines as long as may be': ['', `{"prompt":"é${'x'.repeat(LONGEST - 100)}","completion":"y"\n`],
  'chats as long as may be that end with the question': [
    '',
    `{"messages":[{"role":"assistant","content":"y"},{"role":"user","content":"é${'x'.repeat(LONGEST - 200)}"}]}\n`,
  ],
  'lines of nothing but brackets': ['', `{"x":${'[{'.repeat(LONGEST / 2 - 100)}\n`],
  'lines of many fields': [
    '',
    `{${Array.from({ length: 40_000 }, (_, field) => `"field ${field}":${field}`).join()}}\n`,
  ],
  'lines with a blank line between': ['', `${pair}\n\n`],
  'lines with now one and now two blank lines between': [
    '',
    '{"prompt":"a","completion":"b"}\n\n{"prompt":"c","completion":"d"}\n\n\n',
  ],
  'CSV with an answer on two lines': [
    'prompt,completion\n',
    `${question},"Open the settings,\nchoose the account and press reset."\n`,
  ],
  'CSV with a record on two lines': ['prompt,completion\n', '"a\nb",c\n'],
  'CSV records as long as may be': ['prompt,completion\n', `"é\n${'x'.repeat(LONGEST - 100)}",y\n`],
};

/** So many bytes of that shape. */
export async function* contentOf(shape: string, total: number): AsyncGenerator<Uint8Array> {
  const [start, repeated] = shapes[shape] ?? [];
  if (start === undefined || repeated === undefined) throw new Error(`there is no shape ${shape}`);
  yield Buffer.from(start);
  const block = Buffer.from(repeated.repeat(Math.ceil(65_536 / repeated.length)));
  for (let given = 0; given < total; ) {
    for (let at = 0; at < block.length && given < total; at += 65_536) {
      const piece = Buffer.from(block.subarray(at, at + 65_536));
      given += piece.length;
      yield piece;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
