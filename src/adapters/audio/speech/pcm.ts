/** Sound of one channel with 16 bits a sample. */
export interface Pcm {
  /** Samples a second; a whole number of them is 20 ms. */
  readonly rate: number;
  readonly samples: Int16Array<ArrayBuffer>;
}

export function joined(first: Int16Array, second: Int16Array): Int16Array<ArrayBuffer> {
  const all = new Int16Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
