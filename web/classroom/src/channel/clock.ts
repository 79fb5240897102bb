// The server's clock, as far as the answers tell it.

/** Keeps the difference between the server's clock and ours, from the answer that came back fastest. */
export class ServerClock {
  private offset = 0;
  private best = Infinity;

  /** The server said `server` in answer to something sent at `sent`; it came at `received`. All in milliseconds. */
  learn(server: number, sent: number, received: number): void {
    const trip = Math.max(0, received - sent);
    const guess = server + trip / 2 - received;
    // A much different answer means that one of the clocks was set.
    if (trip <= this.best || Math.abs(guess - this.offset) > trip + this.best + 500) {
      this.best = trip;
      this.offset = guess;
    }
  }

  now(): number {
    return Date.now() + this.offset;
  }
}
