import type { ExecuteAnswer } from './guest-call.ts';

const MOST_ANSWERS = 500;
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** Answers by idempotency key (spec 4.3 steps 2 and 8); unlike the platform's store a bounded one, the oldest go first. */
export class KeptAnswers {
  readonly #answers = new Map<string, ExecuteAnswer>();
  #characters = 0;

  get(key: string): ExecuteAnswer | undefined {
    return this.#answers.get(key);
  }

  put(key: string, answer: ExecuteAnswer): void {
    this.#drop(key);
    this.#answers.set(key, answer);
    this.#characters += size(answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MOST_ANSWERS && this.#characters <= MOST_CHARACTERS) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const known = this.#answers.get(key);
    if (known === undefined) return;
    this.#characters -= size(known);
    this.#answers.delete(key);
  }
}

function size({ headers, body_b64 }: ExecuteAnswer): number {
  const texts = [body_b64 ?? '', ...Object.entries(headers).flat()];
  return texts.reduce((characters, text) => characters + text.length, 0);
}
