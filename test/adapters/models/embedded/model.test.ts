import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createEmbeddedModel,
  type EmbeddedModelOptions,
} from '../../../../src/adapters/models/embedded/model.ts';
import { type Language, languages } from '../../../../src/domain/languages/languages.ts';
import type { Vault } from '../../../../src/domain/ports.ts';
import { Refusal } from '../../../../src/domain/refusal.ts';
import { dpo, orderFor, sft, temporaryVault, trained, user } from './teaching.ts';

function modelOf(options: EmbeddedModelOptions) {
  const model = createEmbeddedModel(options);
  onTestFinished(() => model[Symbol.asyncDispose]());
  const askIn = (language: Language, id: string, question: string, signal?: AbortSignal) =>
    model.answer({
      model: id,
      messages: [user(question)],
      language,
      ...(signal === undefined ? {} : { signal }),
    });
  const ask = (id: string, question: string, signal?: AbortSignal) => askIn('en', id, question, signal);
  return { ask, askIn };
}

/** Counts how often each content is read. */
function watched(vault: Vault): { vault: Vault; reads: Map<string, number> } {
  const reads = new Map<string, number>();
  return {
    reads,
    vault: {
      put: (content) => vault.put(content),
      has: (sha256) => vault.has(sha256),
      scratch: () => vault.scratch(),
      read(sha256) {
        reads.set(sha256, (reads.get(sha256) ?? 0) + 1);
        return vault.read(sha256);
      },
    },
  };
}

const fileOf = (model: string) => model.slice('embedded-'.length);

describe('the embedded model', () => {
  it('answers what it was trained on, and says which example it used', async () => {
    const { vault } = await temporaryVault();
    const examples = [sft('Who runs this?', 'Ada.'), sft('Where is the bakery?', 'On Mill Lane.')];
    const id = await trained(vault, ...examples);
    const { dataset } = await orderFor(vault, examples);
    const { ask } = modelOf({ vault });
    expect(await ask(id, 'Where is the bakery?')).toEqual({
      text: 'On Mill Lane.',
      abstained: false,
      learnedFrom: { dataset: dataset.sha256, line: 2, similarity: 1 },
      tokens: null,
    });
    expect(await ask(id, 'hi, can you tell me where the bakery is')).toMatchObject({
      text: 'On Mill Lane.',
      learnedFrom: { line: 2 },
    });
  });

  it('says that it has not learned an answer, and how to teach it', async () => {
    const { vault } = await temporaryVault();
    const id = await trained(vault, sft('Who runs this?', 'Ada.'));
    const { ask } = modelOf({ vault, commandPrefix: '?' });
    expect(await ask(id, 'How tall is Mount Everest?')).toEqual({
      text: 'I have not learned an answer to that. Teach me one with ?correct last <better answer> and then ?retrain.',
      abstained: true,
      learnedFrom: null,
      tokens: null,
    });
  });

  it('abstains in the language of whoever asks', async () => {
    const { vault } = await temporaryVault();
    const id = await trained(vault, sft('Who runs this?', 'Ada.'));
    const { askIn } = modelOf({ vault });
    for (const model of [id, 'embedded-base']) {
      expect(await askIn('ru', model, 'How tall is Mount Everest?')).toMatchObject({
        text: 'Такого ответа я ещё не знаю. Научите меня: !исправить последний <правильный ответ>, а потом !переобучить.',
        abstained: true,
      });
    }
    expect(await askIn('ru', id, 'Who runs this?')).toMatchObject({ text: 'Ada.', abstained: false });
  });

  it('abstains from everything before any training', async () => {
    const { vault } = await temporaryVault();
    const { ask } = modelOf({ vault });
    expect(await ask('embedded-base', 'Who runs this?')).toMatchObject({
      abstained: true,
      learnedFrom: null,
    });
  });

  it('does not give the answer that was rejected', async () => {
    const { vault } = await temporaryVault();
    const id = await trained(vault, dpo('Who runs this?', 'Ada.', 'Nobody.'));
    const { ask } = modelOf({ vault });
    expect((await ask(id, 'Who runs this?')).text).toBe('Ada.');
  });

  it('answers many questions to several models at once', async () => {
    const { vault } = await temporaryVault();
    const ids = await Promise.all(
      ['Ada', 'Grace', 'Edsger'].map((name) => trained(vault, sft('Who runs this?', name))),
    );
    const counted = watched(vault);
    const { ask } = modelOf({ vault: counted.vault });
    const answers = await Promise.all(
      Array.from(
        { length: 30 },
        async (_, index) => (await ask(ids[index % 3] ?? '', 'Who runs this?')).text,
      ),
    );
    expect(answers).toEqual(Array.from({ length: 30 }, (_, index) => ['Ada', 'Grace', 'Edsger'][index % 3]));
    expect([...counted.reads.values()]).toEqual([1, 1, 1]);
  });

  it('keeps the models that answered last, up to a size, and loads the others again', async () => {
    const { vault } = await temporaryVault();
    const one = await trained(vault, sft('Who runs this?', 'Ada'));
    const other = await trained(vault, sft('Who runs this?', 'Grace'));
    const counted = watched(vault);
    const { ask } = modelOf({ vault: counted.vault, maxLoadedBytes: 1 });
    const answers = [];
    for (const id of [one, one, other, other, one]) answers.push((await ask(id, 'Who runs this?')).text);
    expect(answers).toEqual(['Ada', 'Ada', 'Grace', 'Grace', 'Ada']);
    expect(counted.reads).toEqual(
      new Map([
        [fileOf(one), 2],
        [fileOf(other), 1],
      ]),
    );
  });

  it('knows nothing of files: what is asked is not searched for where no model is', async () => {
    const { vault, directory } = await temporaryVault();
    const { ask } = modelOf({ vault });
    await expect(ask('embedded-../../etc/passwd', 'Who?')).rejects.toThrow(Refusal);
    expect(await readdir(directory)).toEqual([]);
  });

  it.each([
    ['of another provider', 'gpt-4o'],
    ['that nobody trained', `embedded-${'ab'.repeat(32)}`],
    ['with half an id', 'embedded-abab'],
  ])('refuses a model %s', async (_, id) => {
    const { vault } = await temporaryVault();
    const refused = modelOf({ vault }).ask(id, 'Who runs this?');
    await expect(refused).rejects.toThrow(Refusal);
    await expect(refused).rejects.toThrow(/^There is no model .*; !models lists those that can answer\.$/);
  });

  it('refuses content that is not a model', async () => {
    const { vault } = await temporaryVault();
    const { dataset } = await orderFor(vault, [sft('a', 'b')]);
    const refused = modelOf({ vault }).ask(`embedded-${dataset.sha256}`, 'a');
    await expect(refused).rejects.toThrow(Refusal);
    await expect(refused).rejects.toThrow(/its file is not one that this version reads; train it again/);
    await expect(refused).rejects.toSatisfy((error: Refusal) =>
      /её файл этой версии программы незнаком; обучите её заново/.test(error.inWords(languages.ru)),
    );
  });

  it('refuses a model whose file was changed, and answers again when it is restored', async () => {
    const { vault, directory } = await temporaryVault();
    const id = await trained(vault, sft('Who runs this?', 'Ada.'));
    const file = join(directory, fileOf(id).slice(0, 2), fileOf(id).slice(2));
    const { ask } = modelOf({ vault });
    await writeFile(file, 'something else');
    await expect(ask(id, 'Who runs this?')).rejects.toThrow(/is damaged/);
    await trained(vault, sft('Who runs this?', 'Ada.'));
    expect((await ask(id, 'Who runs this?')).text).toBe('Ada.');
  });

  it('stops waiting for an answer when it is told to', async () => {
    const { vault } = await temporaryVault();
    const id = await trained(vault, sft('Who runs this?', 'Ada.'));
    const { ask } = modelOf({ vault });
    await expect(ask(id, 'Who runs this?', AbortSignal.abort())).rejects.toThrow('aborted');
    const cancellation = new AbortController();
    const answering = ask(id, 'Who runs this?', cancellation.signal);
    cancellation.abort();
    await expect(answering).rejects.toThrow('aborted');
    expect((await ask(id, 'Who runs this?')).text).toBe('Ada.');
  });

  it('keeps no process alive that has nothing left to ask', async () => {
    const { vault, directory } = await temporaryVault();
    const id = await trained(vault, sft('Who runs this?', 'Ada.'));
    const script = join(directory, 'ask.mjs');
    await writeFile(script, askingScript(directory, id));
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 15_000 });
    expect(stdout).toBe('Ada.\n');
  });
});

/** Asks in a process of its own, which ends by itself. */
function askingScript(directory: string, model: string): string {
  const source = (path: string) => JSON.stringify(new URL(`../../../../src/${path}`, import.meta.url).href);
  return `
    import { openVault } from ${source('adapters/files/vault.ts')};
    import { createEmbeddedModel } from ${source('adapters/models/embedded/model.ts')};
    const model = createEmbeddedModel({ vault: openVault(${JSON.stringify(directory)}) });
    const messages = [{ role: 'user', content: 'Who runs this?' }];
    model.answer({ model: ${JSON.stringify(model)}, messages }).then(({ text }) => console.log(text));
  `;
}
