import { HuggingFaceOutput } from './hugging-face-output.ts';
import { LastLines } from './last-lines.ts';
import { readLlamaFactoryLine } from './llama-factory-log.ts';
import type { Progress } from './progress.ts';
import { readProtocolLine } from './trainer-protocol.ts';

/** Where a trainer tells how far it is; the earlier ones are believed before the later ones. */
const sources = ['protocol', 'LLaMA-Factory', 'Hugging Face'] as const;
type Source = (typeof sources)[number];

const MAX_QUOTED = 120;

/** What a trainer said in one attempt, on whatever way it says it. */
export class TrainerOutput {
  readonly #report: (progress: Progress) => void;
  readonly #huggingFace = new HuggingFaceOutput();
  readonly #standardOutput = new LastLines();
  readonly #standardError = new LastLines();
  readonly #errors = new LastLines();
  #source: Source | undefined;
  #total = 0;
  #lastLoss: number | null = null;
  #finalLoss: number | null = null;
  /** Everything, on all descriptors. */
  writtenBytes = 0;

  constructor(report: (progress: Progress) => void) {
    this.#report = report;
  }

  takeProtocolLine(text: string): void {
    const line = readProtocolLine(text);
    switch (line.kind) {
      case 'progress':
        this.#total = line.total ?? this.#total;
        this.#take('protocol', {
          step: line.step,
          total: this.#total,
          loss: line.loss ?? null,
          ...(line.eval_loss != null && { evaluationLoss: line.eval_loss }),
          ...(line.learning_rate != null && { learningRate: line.learning_rate }),
        });
        break;
      case 'done':
        this.#finalLoss = line.loss ?? null;
        break;
      case 'error':
        this.#errors.take(line.message);
        break;
      case 'warn':
        this.#standardError.take(`warning: ${line.message}`);
        break;
      case 'malformed':
        this.#standardError.take(`no line of trainer/1: ${text.slice(0, MAX_QUOTED)}`);
        break;
    }
  }

  takeLlamaFactoryLine(text: string): void {
    const progress = readLlamaFactoryLine(text);
    if (progress !== undefined) this.#take('LLaMA-Factory', progress);
  }

  takeStandardOutput(text: string): void {
    this.#standardOutput.take(text);
    this.#takePrinted(text);
  }

  takeStandardError(text: string): void {
    this.#standardError.take(text);
    this.#takePrinted(text);
  }

  /** Takes a line of either that is not whole yet. */
  glimpse(text: string): void {
    this.#huggingFace.readBar(text);
  }

  /** The loss at the end, as far as it was told. */
  get loss(): number | null {
    return this.#finalLoss ?? this.#lastLoss;
  }

  /** What may tell why it failed: its own error lines, or else the last that it printed. */
  get last(): LastLines {
    if (!this.#errors.isEmpty) return this.#errors;
    return this.#standardError.isEmpty ? this.#standardOutput : this.#standardError;
  }

  #takePrinted(text: string): void {
    const progress = this.#huggingFace.read(text);
    if (progress !== undefined) this.#take('Hugging Face', progress);
  }

  #take(source: Source, progress: Progress): void {
    const known = this.#source === undefined ? sources.length : sources.indexOf(this.#source);
    if (sources.indexOf(source) > known) return;
    this.#source = source;
    this.#lastLoss = progress.loss ?? this.#lastLoss;
    this.#report(progress);
  }
}
