import {
  type ChatMessage,
  judgements,
  type KtoExample,
  type TrainingExample,
} from '../../../domain/examples.ts';
import { keyOfMessages } from './canonical.ts';

/** What a model knows of one prompt. */
export interface LearnedPrompt {
  /** The line of the dataset, from 1, that taught the completion; without one, that rejected an answer last. */
  readonly line: number;
  readonly messages: readonly ChatMessage[];
  /** Null where only bad answers are known. */
  readonly completion: string | null;
  /** What must not be answered. */
  readonly rejected: readonly string[];
}

/** Takes in the examples of a dataset in order; of two that contradict each other the later one counts. */
export class Learning {
  readonly #lessons = new Map<string, Lesson>();
  #followed = 0;

  /** @param line where it stands in the dataset, from 1 */
  take(line: number, example: TrainingExample): void {
    for (const { prompt, completion, label } of judgements(example)) {
      const lesson = this.#lessonOf(prompt);
      this.#followed -= lesson.followed;
      lesson.judge(line, completion[0].content, label);
      this.#followed += lesson.followed;
    }
  }

  /** How many of the judgements taken in what was learned agrees with. */
  get followed(): number {
    return this.#followed;
  }

  /** In the order of their lines. */
  prompts(): LearnedPrompt[] {
    return [...this.#lessons.values()].map((lesson) => lesson.learned()).sort((a, b) => a.line - b.line);
  }

  #lessonOf(prompt: KtoExample['prompt']): Lesson {
    const key = keyOfMessages(prompt);
    const known = this.#lessons.get(key);
    if (known !== undefined) return known;
    const lesson = new Lesson(prompt);
    this.#lessons.set(key, lesson);
    return lesson;
  }
}

interface Judged {
  readonly completion: string;
  /** By the latest judgement, which stands in `line`. */
  good: boolean;
  line: number;
  timesGood: number;
  timesBad: number;
}

/** Every answer to one prompt that was judged. Each judgement takes constant time, however many there are. */
class Lesson {
  readonly #messages: readonly ChatMessage[];
  readonly #judged = new Map<string, Judged>();
  /** In the order in which they were found good; those that were found bad since are taken off at the end. */
  readonly #good: Judged[] = [];
  #timesBad = 0;

  constructor(messages: readonly ChatMessage[]) {
    this.#messages = messages;
  }

  judge(line: number, completion: string, good: boolean): void {
    const judged = this.#judged.get(completion) ?? { completion, good, line, timesGood: 0, timesBad: 0 };
    this.#judged.set(completion, judged);
    judged.good = good;
    judged.line = line;
    if (good) {
      judged.timesGood++;
      this.#good.push(judged);
    } else {
      judged.timesBad++;
      this.#timesBad++;
    }
    while (this.#good.at(-1)?.good === false) this.#good.pop();
  }

  get followed(): number {
    const answer = this.#good.at(-1);
    return answer === undefined ? this.#timesBad : this.#timesBad - answer.timesBad + answer.timesGood;
  }

  learned(): LearnedPrompt {
    const answer = this.#good.at(-1);
    const rejected = [...this.#judged.values()].filter(({ good }) => !good);
    return {
      line: answer?.line ?? rejected.reduce((latest, { line }) => Math.max(latest, line), 1),
      messages: this.#messages,
      completion: answer?.completion ?? null,
      rejected: rejected.map(({ completion }) => completion),
    };
  }
}
