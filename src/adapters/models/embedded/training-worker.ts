import { parentPort, workerData } from 'node:worker_threads';
import { parseDatasetLine, type TrainingExample } from '../../../domain/examples.ts';
import { receiveBytes, sendBytes } from './byte-pipe.ts';
import { Learning } from './learning.ts';
import { linesOf } from './lines.ts';
import { Memory } from './memory.ts';
import { writeModel } from './model-file.ts';
import { type TrainingReport, TrainingTask } from './training-protocol.ts';

/** How often the progress of one job is reported. */
const REPORTS = 20;
const PIECE_LENGTH = 262_144;

const task = TrainingTask.parse(workerData);

try {
  const { learning, loss } = await learn();
  const prompts = learning.prompts();
  // A model that does not fit into memory fails here, not when it is asked.
  new Memory({ dataset: task.dataset, prompts });
  report({ kind: 'learned', loss });
  await sendBytes(pieces(writeModel(task.dataset, prompts)), task.target);
} catch (error) {
  report({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
}

function report(message: TrainingReport): void {
  parentPort?.postMessage(message);
}

async function learn(): Promise<{ learning: Learning; loss: number }> {
  const { examples, format } = task;
  const learning = new Learning();
  const judgementsOfEach = format === 'dpo' ? 2 : 1;
  const lossOf = (total: number) =>
    (judgementsOfEach * total - learning.followed) / (judgementsOfEach * total);
  let line = 0;
  for await (const text of linesOf(receiveBytes(task.source))) {
    learning.take(++line, exampleOf(text, line));
    if (line % Math.ceil(examples / REPORTS) === 0 || line === examples) {
      const total = Math.max(line, examples);
      report({ kind: 'progressed', step: line, total, loss: lossOf(total) });
    }
  }
  if (line === 0) throw new Error('it holds no examples');
  return { learning, loss: lossOf(line) };
}

function exampleOf(text: string, line: number): TrainingExample {
  try {
    return parseDatasetLine(task.format, text);
  } catch (error) {
    throw new Error(`its line ${line} is not an example in the format ${task.format}`, { cause: error });
  }
}

/** Short lines together, so that they do not travel one by one. */
function* pieces(lines: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length >= PIECE_LENGTH) {
      yield encoder.encode(piece);
      piece = '';
    }
  }
  if (piece !== '') yield encoder.encode(piece);
}
