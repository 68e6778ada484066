import { datasetLine } from '../src/domain/examples.ts';
import { splitOf } from '../src/domain/held-out.ts';
import { defaultPolicy } from '../src/domain/policy.ts';
import type { TrainingOrder, Vault } from '../src/domain/ports.ts';
import { manifestHeader, manifestLine } from '../src/domain/replay.ts';

const CHUNK = 1_000;

/** A dataset of corrections with its manifest, in the store. */
export async function datasetOf(vault: Vault, examples: number): Promise<TrainingOrder['dataset']> {
  const file = await vault.put(inChunks(examples, lineOf));
  const header = manifestHeader({ format: 'sft', since: null, policy: defaultPolicy }, null);
  const manifest = await vault.put(
    inChunks(examples, (number) => (number === 0 ? header : '') + placeOf(number)),
  );
  return { ...file, format: 'sft', examples, manifest: manifest.sha256 };
}

function lineOf(number: number): string {
  return datasetLine({
    format: 'sft',
    messages: [
      { role: 'user', content: `What does the sign on door ${number} of the long corridor say?` },
      {
        role: 'assistant',
        content: `It says that room ${number * 7} is on the other side, and to knock first.`,
      },
    ],
  });
}

function placeOf(number: number): string {
  const conversation = `conversation-${number >> 2}`;
  return manifestLine({
    kind: 'example',
    line: number + 1,
    text: lineOf(number),
    provenance: {
      answer: `answer-${number}`,
      correction: `correction-${number}`,
      conversation,
      members: ['ada'],
      origins: ['interaction'],
      events: [`event-${number}`],
      split: splitOf(conversation),
    },
  });
}

function* inChunks(count: number, lineOf: (number: number) => string): Generator<Uint8Array> {
  for (let start = 0; start < count; start += CHUNK) {
    let text = '';
    for (let number = start; number < Math.min(start + CHUNK, count); number++) text += lineOf(number);
    yield Buffer.from(text);
  }
}
