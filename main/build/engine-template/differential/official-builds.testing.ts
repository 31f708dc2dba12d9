import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { z } from 'zod';
import { DISABLED_FEATURES } from '../../componentize-protocol.ts';
import { hashParts, isFile, writeAtomic } from '../../files.ts';
import { ROOT, toolchain } from '../../projects.testing.ts';
import { inWorkFolder } from '../../work-folder.ts';
import { askProcess } from '../../worker-process.ts';
import { WORLD_NAME } from '../../world.ts';
import { SHARED } from '../native.testing.ts';

const TOOL = '@bytecodealliance/componentize-js';
const OFFICIAL = path.join(SHARED, 'official');
/** One process builds so many, and the next one starts meanwhile: two at a time. */
const BATCH = 8;
const TOOL_VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(path.join(ROOT, 'node_modules', TOOL, 'package.json'), 'utf8'))).version;
const never = new AbortController().signal;
const Reply = z.object({ refused: z.array(z.object({ source: z.string(), message: z.string() })) });

/** Components by the official tool, kept between runs: it takes seconds a source. */
export class OfficialBuilds {
  readonly #wit: string;
  readonly #texts: readonly string[];
  readonly #batches = new Map<number, Promise<void>>();

  constructor(wit: string, texts: readonly string[]) {
    this.#wit = wit;
    this.#texts = texts;
  }

  /**
   * The component of the source at `index`. To be asked for in order: what follows is built ahead.
   *
   * @throws Error with the tool's words when it refuses the source
   */
  async component(index: number): Promise<Buffer> {
    const batch = Math.floor(index / BATCH);
    // Whoever asks for what is built ahead hears of its failure.
    this.#batch(batch + 1).catch(() => undefined);
    await this.#batch(batch);
    return await promisify(zstdDecompress)(await readFile(this.#fileOf(index)));
  }

  /** Waits for what was begun. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#batches.values());
  }

  #batch(batch: number): Promise<void> {
    const known = this.#batches.get(batch) ?? this.#build(batch * BATCH);
    this.#batches.set(batch, known);
    return known;
  }

  async #build(first: number): Promise<void> {
    const indexes = this.#texts.slice(first, first + BATCH).map((_, offset) => first + offset);
    const there = await Promise.all(indexes.map(index => isFile(this.#fileOf(index))));
    const missing = indexes.filter((_, at) => there[at] === false);
    if (missing.length === 0) return;
    await inWorkFolder(async work => {
      const jobs = await Promise.all(missing.map(index => this.#prepare(work, index)));
      const refused = await build(this.#wit, work, jobs);
      for (const { source, output, kept } of jobs)
        if (!refused.has(source)) await writeAtomic(kept, await compressed(output));
      if (refused.size > 0) throw refusal([...refused.entries()]);
    });
  }

  async #prepare(work: string, index: number): Promise<Job> {
    const folder = path.join(work, String(index));
    const source = path.join(folder, 'handler.js');
    await mkdir(folder);
    await writeFile(source, this.#texts[index] ?? '');
    return { source, output: path.join(folder, 'handler.wasm'), kept: this.#fileOf(index) };
  }

  #fileOf(index: number): string {
    const parts = [TOOL_VERSION, this.#wit, DISABLED_FEATURES.join(), this.#texts[index] ?? ''];
    return path.join(OFFICIAL, `${hashParts(parts)}.wasm.zst`);
  }
}

interface Job {
  readonly source: string;
  readonly output: string;
  readonly kept: string;
}

/** The tool's words by the source that it refused. */
async function build(wit: string, folder: string, jobs: readonly Job[]): Promise<Map<string, string>> {
  const request = { wit, world: WORLD_NAME, disabledFeatures: [...DISABLED_FEATURES], jobs };
  const script = path.join(import.meta.dirname, 'official-child.testing.ts');
  const onOutput = (text: string): void => console.error(text);
  const question = { toolchain, script, folder, request, reply: Reply, signal: never, onOutput };
  const { refused } = await askProcess(question);
  return new Map(refused.map(({ source, message }) => [source, message]));
}

function refusal(refused: readonly (readonly [source: string, message: string])[]): Error {
  const told = refused.map(([source, message]) => `${path.basename(path.dirname(source))}: ${message}`);
  return new Error(`The official tool refuses sources, by index:\n${told.join('\n')}`);
}

/** Twelve megabytes of engine, which are the same in each, become four. */
async function compressed(file: string): Promise<Buffer> {
  return await promisify(zstdCompress)(await readFile(file));
}
