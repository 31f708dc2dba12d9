import type { ExecuteResponse } from '../../contract/index.ts';

const KEPT_ANSWERS = 500;
const KEPT_BYTES = 16 * 1024 * 1024;

/**
 * The runner's store of answers by idempotency key (spec 4.3). Deviations: it is scoped to one build of one
 * extension and it is bounded, where the platform's is neither.
 */
export class IdempotentAnswers {
  readonly #answers = new Map<string, ExecuteResponse>();
  #bytes = 0;

  get(scope: string, key: string): ExecuteResponse | undefined {
    return this.#answers.get(`${scope} ${key}`);
  }

  /** Keeps a finished run's response, whatever its status; the oldest go when there are many or they are large. */
  put(scope: string, key: string, response: ExecuteResponse): void {
    const id = `${scope} ${key}`;
    this.#drop(id);
    this.#answers.set(id, response);
    this.#bytes += size(response);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= KEPT_ANSWERS && this.#bytes <= KEPT_BYTES) break;
      this.#drop(oldest);
    }
  }

  #drop(id: string): void {
    const known = this.#answers.get(id);
    if (known === undefined) return;
    this.#bytes -= size(known);
    this.#answers.delete(id);
  }
}

function size(response: ExecuteResponse): number {
  return response.body?.length ?? 0;
}
