import { wordsOf } from './model.js';

/** How each kind of example is learned: the loss before the step, and the step where there is a rate. */
const methods = {
  /** Softmax regression: the taught answer becomes likelier than every other. */
  sft(model, { messages }, rate) {
    const words = wordsOf(lastQuestion(messages));
    const taught = model.indexOf(messages.at(-1).content);
    const chances = model.chances(words);
    for (const [index, chance] of chances.entries()) {
      if (rate > 0) model.move(words, index, rate * ((index === taught ? 1 : 0) - chance));
    }
    return -Math.log(Math.max(chances[taught], Number.EPSILON));
  },

  /** Logistic regression on pairs: the preferred answer scores above the other one. */
  dpo(model, { input, preferred_output, non_preferred_output }, rate) {
    const words = wordsOf(lastQuestion(input.messages));
    const preferred = model.indexOf(preferred_output[0].content);
    const other = model.indexOf(non_preferred_output[0].content);
    const chance = logistic(model.score(words, preferred) - model.score(words, other));
    if (rate > 0) {
      model.move(words, preferred, rate * (1 - chance));
      model.move(words, other, -rate * (1 - chance));
    }
    return -Math.log(Math.max(chance, Number.EPSILON));
  },

  /** Logistic regression on single answers: a good one scores above zero, a bad one below. */
  kto(model, { prompt, completion, label }, rate) {
    const words = wordsOf(lastQuestion(prompt));
    const index = model.indexOf(completion[0].content);
    const chance = logistic(model.score(words, index));
    if (rate > 0) model.move(words, index, rate * ((label ? 1 : 0) - chance));
    return -Math.log(Math.max(label ? chance : 1 - chance, Number.EPSILON));
  },
};

/** Learns all examples once, in an order that the random numbers give. @returns the mean loss */
export function learnOnce(model, method, examples, rate, random) {
  const order = examples.map((example) => ({ example, place: random() }));
  order.sort((one, other) => one.place - other.place);
  return mean(order.map(({ example }) => methods[method](model, example, rate)));
}

/** The mean loss on examples that are not learned from; null where there are none. */
export function evaluate(model, method, examples) {
  return examples.length === 0 ? null : mean(examples.map((example) => methods[method](model, example, 0)));
}

/** The same numbers from the same seed, from 0 up to 1. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function lastQuestion(messages) {
  return messages.findLast(({ role }) => role === 'user')?.content ?? '';
}

function logistic(score) {
  return 1 / (1 + Math.exp(-score));
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
