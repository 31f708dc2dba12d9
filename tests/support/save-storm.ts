import { z } from 'zod';
import { manifestPath, pageMark, type Author, type Revisions } from './author.ts';
import { Ledger } from './ledger.ts';
import type { OpenProject, Reply } from './open-project.ts';
import type { Random } from './random.ts';

/** What the author's handler answers at any address. */
const Body = z.strictObject({ handler: z.number(), lib: z.number() });

const GREETING = '/api/greeting';
/** A burst that is not answered by then never is; a loaded machine takes a second. Milliseconds. */
const PATIENCE_MS = 30_000;

/** How often the project was loaded so that it could answer. */
interface Loads {
  finished: number;
}

/** One author who saves in bursts, and one reader who calls all the while and holds every answer against the disk. */
export class SaveStorm {
  readonly #author: Author;
  readonly #project: OpenProject;
  readonly #random: Random;
  readonly #answers = new Ledger();

  constructor(author: Author, project: OpenProject, random: Random) {
    this.#author = author;
    this.#project = project;
    this.#random = random;
  }

  /** How many builds were seen to answer. */
  get builds(): number {
    return this.#answers.size;
  }

  /** One burst, until the newest sources answer; throws when an answer was none that it could be. */
  async burst(): Promise<{ saves: number; loads: number }> {
    const loads: Loads = { finished: 0 };
    const stop = countLoads(this.#project, loads);
    const before = this.#author.newest;
    const done = new AbortController();
    const reading = this.#read(before, done.signal);
    // What went wrong there is told at the end of the burst.
    reading.catch(() => undefined);
    try {
      const saves = await this.#author.burst(this.#random);
      await this.answersNewest();
      return { saves, loads: loads.finished };
    } finally {
      stop();
      done.abort();
      await reading;
    }
  }

  /** Waits until all that is on disk answers. */
  async answersNewest(): Promise<void> {
    const holds = async (): Promise<boolean> =>
      this.#project.build.status === 'ok' && (await this.isNewest());
    try {
      await this.#project.until(holds, AbortSignal.timeout(PATIENCE_MS));
    } catch (cause) {
      const { newest } = this.#author;
      const answer = await this.#project.call(GREETING);
      throw new Error(`Not answered: ${JSON.stringify({ newest, answer, build: this.#project.build })}`, {
        cause,
      });
    }
  }

  /** Whether handler, page and manifest answer as they are on disk, all from the build that is shown as live. */
  async isNewest(): Promise<boolean> {
    const { newest } = this.#author;
    const hash = this.#project.build.live?.hash;
    const replies = [
      await this.#project.call(GREETING),
      await this.#project.call(manifestPath(newest.manifest)),
      await this.#project.page(),
    ] as const;
    const [greeting, endpoint, page] = replies;
    if (replies.some(({ status, build }) => status !== 200 || build !== hash)) return false;
    const isCurrent = ({ handler, lib }: z.infer<typeof Body>): boolean =>
      handler === newest.handler && lib === newest.lib;
    return (
      isCurrent(bodyOf(greeting)) && isCurrent(bodyOf(endpoint)) && page.text.includes(pageMark(newest.page))
    );
  }

  /** Calls until told to stop; every answer belongs to one build of what was saved. */
  async #read(before: Revisions, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const greeting = await this.#project.call(GREETING);
      if (greeting.status !== 200)
        throw new Error(`The handler answered ${greeting.status}: ${greeting.text}`);
      this.#expectSaved(bodyOf(greeting), before);
      this.#note(GREETING, greeting);
      const address = manifestPath(this.#random.between(before.manifest, this.#author.newest.manifest));
      const endpoint = await this.#project.call(address);
      this.#note(address, { ...endpoint, text: endpoint.status === 200 ? endpoint.text : 'not declared' });
      if (endpoint.status === 200) this.#note('the manifest', { ...endpoint, text: address });
      const page = await this.#project.page();
      if (page.status === 200) this.#note('the page', page);
    }
  }

  #note(address: string, { build, text }: Reply): void {
    if (build === undefined) throw new Error(`No build answered ${address}.`);
    this.#answers.note(build, address, text);
  }

  #expectSaved({ handler, lib }: z.infer<typeof Body>, before: Revisions): void {
    const { newest } = this.#author;
    const isBetween = (part: 'handler' | 'lib', revision: number): boolean =>
      revision >= before[part] && revision <= newest[part];
    if (isBetween('handler', handler) && isBetween('lib', lib)) return;
    throw new Error(`Answered by ${JSON.stringify({ handler, lib, before, newest })}.`);
  }
}

function bodyOf({ text }: Reply): z.infer<typeof Body> {
  return Body.parse(JSON.parse(text));
}

/** Counts the loads that came to answer; a build is told as `ok` once when it is loaded and once more when it is packed. */
function countLoads(project: OpenProject, loads: Loads): () => void {
  let wasLoaded = isLoaded(project);
  return project.onChange(() => {
    const now = isLoaded(project);
    if (now && !wasLoaded) loads.finished++;
    wasLoaded = now;
  });
}

function isLoaded({ build }: OpenProject): boolean {
  return build.status === 'ok' && build.packing === true;
}
