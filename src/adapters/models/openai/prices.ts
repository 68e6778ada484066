import { z } from 'zod';
import type { Cost } from '../../../domain/ports.ts';

const Amount = z.number().nonnegative();

/** For a million tokens each. */
const Price = z.strictObject({
  prompt: Amount.optional(),
  completion: Amount.optional(),
  training: Amount.optional(),
});

/**
 * By the beginning of a model's name: the longest that fits counts. A fine-tuned model that none fits costs what the
 * model that it was made of costs.
 */
export const PriceTable = z.record(z.string().min(1), Price);
export type PriceTable = z.infer<typeof PriceTable>;

/** `ft:gpt-4o-mini-2024-07-18:organisation:suffix:id` */
const FINE_TUNED = /^ft:/;
const TOKENS_A_PRICE = 1_000_000;

/** What the operator says that models cost. */
export class Prices {
  readonly #table: PriceTable;
  readonly #currency: string;

  constructor(table: PriceTable, currency: string) {
    this.#table = table;
    this.#currency = currency;
  }

  /** Null where the table does not say. */
  ofAnswer(
    model: string,
    tokens: { readonly prompt: number; readonly completion: number } | null,
  ): Cost | null {
    const { prompt, completion } = this.#of(model);
    if (tokens === null || prompt === undefined || completion === undefined) return null;
    return this.#cost(tokens.prompt * prompt + tokens.completion * completion);
  }

  /** @param tokens of all epochs together */
  ofTraining(model: string, tokens: number | null): Cost | null {
    const { training } = this.#of(model);
    return training === undefined || tokens === null ? null : this.#cost(tokens * training);
  }

  #of(model: string): z.infer<typeof Price> {
    const name = this.#longestBeginning(model) ?? this.#longestBeginning(model.replace(FINE_TUNED, ''));
    return name === undefined ? {} : (this.#table[name] ?? {});
  }

  #longestBeginning(model: string): string | undefined {
    const [name] = Object.keys(this.#table)
      .filter((beginning) => model.startsWith(beginning))
      .toSorted((one, other) => other.length - one.length);
    return name;
  }

  #cost(times: number): Cost {
    return { amount: times / TOKENS_A_PRICE, currency: this.#currency };
  }
}
