const MOST_ANSWERS = 500;
const MOST_CHARACTERS = 16 * 1024 * 1024;

/**
 * Answers by idempotency key (spec 4.3 steps 2 and 8). As on the platform the key is the raw header value, whoever
 * sends it; unlike there the store is bounded, the oldest answers go first.
 */
export class KeptAnswers {
  readonly #answers = new Map<string, string>();
  #characters = 0;

  get(key: string): string | undefined {
    return this.#answers.get(key);
  }

  /** @param answer the JSON text that was sent */
  put(key: string, answer: string): void {
    this.#drop(key);
    this.#answers.set(key, answer);
    this.#characters += answer.length;
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MOST_ANSWERS && this.#characters <= MOST_CHARACTERS) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#characters -= this.#answers.get(key)?.length ?? 0;
    this.#answers.delete(key);
  }
}
