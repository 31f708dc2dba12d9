/** Keeps what each build was seen to answer: one build answers each address with one thing, for ever. */
export class Ledger {
  readonly #builds = new Map<string, Map<string, string>>();

  /** Notes an answer; throws when that build gave another one before. */
  note(build: string, address: string, answer: string): void {
    const answers = this.#builds.get(build) ?? new Map<string, string>();
    this.#builds.set(build, answers);
    const before = answers.get(address) ?? answer;
    if (before !== answer) {
      throw new Error(`${build} answered ${address} with ${before}, and now with ${answer}.`);
    }
    answers.set(address, answer);
  }

  /** How many builds answered. */
  get size(): number {
    return this.#builds.size;
  }
}
