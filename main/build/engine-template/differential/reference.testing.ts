import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hashFile, hashParts, readIfThere, writeAtomic } from '../../files.ts';
import { ADDON_FILE, SHARED } from '../native.testing.ts';
import type { AddonEngine } from '../engine.testing.ts';
import { see, type Seen } from './host.testing.ts';

/** What an answer depends on besides the component and the request. */
const HOST_FILES = ['host.testing.ts', 'host-answers.testing.ts'].map(name =>
  path.join(import.meta.dirname, name),
);

/**
 * What the official components answer. Compiling one takes seconds, so answers are kept for as long as component,
 * request, addon and host are the same.
 */
export class Reference {
  readonly #engine: AddonEngine;
  readonly #file: string;
  #circumstances: Promise<readonly string[]> | undefined;

  /** @param file where components are put while they are loaded */
  constructor(engine: AddonEngine, file: string) {
    this.#engine = engine;
    this.#file = file;
  }

  /** Answers in the order of `requests`. */
  async answers(component: Buffer, requests: readonly string[]): Promise<Seen[]> {
    this.#circumstances ??= Promise.all([ADDON_FILE, ...HOST_FILES].map(hashFile));
    const parts = [...(await this.#circumstances), component.toString('latin1'), ...requests];
    const kept = path.join(SHARED, 'answers', `${hashParts(parts)}.json`);
    const known = await readIfThere(kept);
    if (known !== undefined) return JSON.parse(known) as Seen[];
    const answers = await this.#run(component, requests);
    await writeAtomic(kept, JSON.stringify(answers));
    return answers;
  }

  async #run(component: Buffer, requests: readonly string[]): Promise<Seen[]> {
    await writeFile(this.#file, component);
    const loaded = await this.#engine.load(this.#file);
    await rm(this.#file);
    const answers: Seen[] = [];
    for (const request of requests) answers.push(await see(loaded, request));
    loaded.dispose();
    return answers;
  }
}
