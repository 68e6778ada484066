import type { Progress } from './progress.ts';

/** ` 12%|█▏        | 12/100 [00:05<00:41,  2.1it/s]`, as tqdm draws a bar that has no title. */
const BAR = /^\s*\d{1,3}%\|[^|]*\|\s*(\d{1,12})\/(\d{1,12}) \[/;
/** Of the dictionary that is printed; newer versions print a number as a text. */
const LOSS = /[{\s]'loss':\s*'?(nan|-?inf|-?\d[\d.]*(?:e[+-]?\d+)?)'?\s*[,}]/i;
/** Of another dictionary, which comes after that of the same step. */
const EVALUATION_LOSS = /[{\s]'eval_loss':\s*'?(-?\d[\d.]*(?:e[+-]?\d+)?)'?\s*[,}]/i;

/**
 * Hugging Face's Trainer says how far it is by a progress bar on standard error, and its losses by dictionaries
 * that it prints between the bars. Downloads and tokenizing draw bars with titles, and evaluations bars of
 * their own later on: the first bar without a title is the training's.
 */
export class HuggingFaceOutput {
  #step: number | undefined;
  #total: number | undefined;
  #losses = 0;

  /** Takes a line that may be a bar, also one that is not whole yet: the latest bar ends with the next one. */
  readBar(line: string): void {
    const [, step, total] = BAR.exec(line) ?? [];
    if (step === undefined || total === undefined) return;
    this.#total ??= Number(total);
    if (this.#total === Number(total)) this.#step = Number(step);
  }

  /** Takes a whole line of standard output or standard error. */
  read(line: string): Progress | undefined {
    this.readBar(line);
    const loss = LOSS.exec(line)?.[1];
    const evaluationLoss = EVALUATION_LOSS.exec(line)?.[1];
    if (loss === undefined && evaluationLoss === undefined) return undefined;
    if (loss !== undefined) this.#losses++;
    const value = Number(loss);
    return {
      step: this.#step ?? this.#losses,
      total: this.#total ?? 0,
      loss: Number.isFinite(value) ? value : null,
      ...(evaluationLoss !== undefined && { evaluationLoss: Number(evaluationLoss) }),
    };
  }
}
