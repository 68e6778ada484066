interface Waiting<T> {
  readonly where: (item: T) => boolean;
  readonly resolve: (item: T) => void;
}

/** Below the time that a test has, so that the message here is the one that is seen. */
const PATIENCE_MS = 10_000;

/**
 * What has happened, in order, for tests to wait on: an item that came before the test asked is not missed, and
 * each is handed out by `take` once.
 */
export class Inbox<T> {
  readonly #all: T[] = [];
  #untaken: T[] = [];
  #taking: Waiting<T>[] = [];
  #watching: Waiting<T>[] = [];
  readonly #what: string;
  readonly #context: () => string;

  /**
   * @param what it holds, for the message of a wait that was in vain
   * @param context what else is worth knowing then
   */
  constructor(what: string, context: () => string = () => '') {
    this.#what = what;
    this.#context = context;
  }

  get all(): readonly T[] {
    return this.#all;
  }

  add(item: T): void {
    this.#all.push(item);
    const watching = this.#watching.filter(({ where }) => where(item));
    this.#watching = this.#watching.filter((waiting) => !watching.includes(waiting));
    for (const { resolve } of watching) resolve(item);
    const taking = this.#taking.find(({ where }) => where(item));
    if (taking === undefined) {
      this.#untaken.push(item);
      return;
    }
    this.#taking = this.#taking.filter((waiting) => waiting !== taking);
    taking.resolve(item);
  }

  /** The oldest item that satisfies `where` and was not taken before, as soon as there is one. */
  take(where: (item: T) => boolean = () => true): Promise<T> {
    const item = this.#untaken.find(where);
    if (item !== undefined) {
      this.#untaken = this.#untaken.filter((candidate) => candidate !== item);
      return Promise.resolve(item);
    }
    return this.#wait(where, 'taking');
  }

  /** The oldest item that satisfies `where`, taken or not, as soon as there is one. */
  find(where: (item: T) => boolean = () => true): Promise<T> {
    const item = this.#all.find(where);
    return item === undefined ? this.#wait(where, 'watching') : Promise.resolve(item);
  }

  #wait(where: (item: T) => boolean, how: 'taking' | 'watching'): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    // Made here, so that the stack names the test that waited.
    const inVain = new Error();
    const timer = setTimeout(() => {
      this.#taking = this.#taking.filter((other) => other !== waiting);
      this.#watching = this.#watching.filter((other) => other !== waiting);
      inVain.message = [
        `Waited ${PATIENCE_MS / 1000} s in vain for ${this.#what} (${this.#all.length} came before, none that fits).`,
        this.#context(),
      ]
        .join('\n')
        .trim();
      reject(inVain);
    }, PATIENCE_MS);
    const waiting: Waiting<T> = {
      where,
      resolve: (item) => {
        clearTimeout(timer);
        resolve(item);
      },
    };
    if (how === 'taking') this.#taking.push(waiting);
    else this.#watching.push(waiting);
    return promise;
  }
}
