/** Of UTF-8, which a UTF-16 unit takes at most. */
const BYTES_PER_UNIT = 3;
/** Files are written well in pieces of this size. */
const PIECE_BYTES = 131_072;
/** Enough for what oversteps a piece, unless it is long. */
const ROOM_BYTES = PIECE_BYTES + 32_768;

/** Many short texts on their way to a file: each becomes bytes as it comes, which one long text of them all would cost more to do. */
export class Pieces {
  #bytes = Buffer.allocUnsafeSlow(0);
  #length = 0;

  add(text: string): void {
    const most = this.#length + BYTES_PER_UNIT * text.length;
    if (most > this.#bytes.length) this.#grow(most);
    this.#length += this.#bytes.write(text, this.#length);
  }

  get isFull(): boolean {
    return this.#length >= PIECE_BYTES;
  }

  /** What was added since it was last taken. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafeSlow(0);
    this.#length = 0;
    return taken;
  }

  #grow(most: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(most, ROOM_BYTES));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}
