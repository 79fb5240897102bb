// An estimate of the server's clock.

/** Keeps the offset between the server's clock and the local one, from the answer with the shortest round trip. */
export class ServerClock {
  private offset = 0;
  private bestRoundTrip = Infinity;

  /** The answer to a message sent at `sent` arrived at `received` with the server time `server`. All in milliseconds. */
  update(server: number, sent: number, received: number): void {
    const roundTrip = Math.max(0, received - sent);
    const estimate = server + roundTrip / 2 - received;
    // A very different estimate means that one of the clocks was set.
    if (roundTrip <= this.bestRoundTrip || Math.abs(estimate - this.offset) > roundTrip + this.bestRoundTrip + 500) {
      this.bestRoundTrip = roundTrip;
      this.offset = estimate;
    }
  }

  now(): number {
    return Date.now() + this.offset;
  }
}
