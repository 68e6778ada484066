/** What time the server has; it need not be ours. */
export class ServerClock {
  #offsetSeconds = 0;

  /** Sets it ahead, or back where it is negative. */
  setOff(seconds: number): void {
    this.#offsetSeconds = seconds;
  }

  /** In whole seconds since 1970, as the API writes times. */
  get seconds(): number {
    return Math.floor(Date.now() / 1000) + this.#offsetSeconds;
  }
}
