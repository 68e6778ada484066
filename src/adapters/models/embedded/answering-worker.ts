import { parentPort } from 'node:worker_threads';
import { type AnsweringReply, AnsweringRequest } from './answering-protocol.ts';
import { receiveBytes } from './byte-pipe.ts';
import { EmbeddedFault } from './embedded-fault.ts';
import { linesOf } from './lines.ts';
import { Memory } from './memory.ts';
import { readModel } from './model-file.ts';

const memories = new Map<string, Memory>();

parentPort?.on('message', async (message) => {
  const request = AnsweringRequest.parse(message);
  parentPort?.postMessage(await reply(request));
});

async function reply(request: AnsweringRequest): Promise<AnsweringReply> {
  const { id } = request;
  try {
    return await carryOut(request);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', id, reason, fault: error instanceof EmbeddedFault ? error.fault : null };
  }
}

async function carryOut(request: AnsweringRequest): Promise<AnsweringReply> {
  const { kind, id, model } = request;
  switch (kind) {
    case 'load':
      memories.set(model, new Memory(await readModel(linesOf(receiveBytes(request.source)))));
      return { kind: 'done', id };
    case 'forget':
      memories.delete(model);
      return { kind: 'done', id };
    case 'recall': {
      const memory = memories.get(model);
      if (memory === undefined) throw new Error('the model is not loaded');
      return { kind: 'recalled', id, recollection: memory.recall(request.messages) };
    }
  }
}
