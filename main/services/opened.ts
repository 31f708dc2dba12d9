/** What was opened so far, to be closed in the reverse order. */
export class Opened {
  readonly #closers: (() => void | Promise<void>)[] = [];

  /** Takes the way to close what was just opened. */
  add(close: () => void | Promise<void>): void {
    this.#closers.push(close);
  }

  /** Closes all of it, also when some of it cannot be closed; then throws the first reason. A second time does nothing. */
  async close(): Promise<void> {
    const reasons: unknown[] = [];
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (reason) {
        reasons.push(reason);
      }
    }
    if (reasons.length > 0) throw reasons[0];
  }
}
