import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { BuildKind } from '../../../contract/index.ts';
import { untilAborted } from '../exclusive.ts';
import { hashParts, ignoreMissing, isFolder } from '../files.ts';
import type { Toolchain } from '../options.ts';
import { templateKey, ToolVersions } from './key.ts';
import { makeTemplate } from './making.ts';
import type { NativeBuilding, NativeSource, NativeTemplate } from './native.ts';
import { placePrepared } from './prepared.ts';

/** Templates kept on disk, 35 MB each: two per world that projects on this machine are built for. */
const KEPT_TEMPLATES = 6;

/** How long a template stays that nothing uses. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

/** Loaded sources kept, 3 to 4 MB each: the last builds' of the projects in hand. */
const KEPT_SOURCES = 8;

export interface EngineTemplatesOptions {
  /** Templates go below, into `engine-template/`. */
  readonly cacheDir: string;
  /** Folder of templates that came with the workbench, by key. */
  readonly prepared?: string;
  readonly toolchain: Toolchain;
  /** The script `template-child`, runnable by the toolchain's Node. */
  readonly worker: string;
  readonly native: NativeBuilding;
}

/** A source that is ready to run on its template's image base. */
export interface LoadedHandler {
  readonly template: NativeTemplate;
  readonly source: NativeSource;
}

/** Owns the engine templates of this machine. Any number of builds share one. */
export interface EngineTemplates {
  readonly native: NativeBuilding;
  /** Names the template for a world, whether there is one or not. */
  keyOf(wit: string, kind: BuildKind): Promise<string>;
  /**
   * The template for a world: from memory, from disk (its hashes checked), as it came with the workbench, or made now,
   * which takes 12 s and goes on when the caller no longer waits. A damaged one is made again.
   *
   * @throws TemplateRefused when the official tool cannot build for the world; `build.cancelled`; coded errors of the
   *   addon, `template.*` and `builder.*`
   */
  get(
    wit: string,
    kind: BuildKind,
    signal: AbortSignal,
    onProgress: (progress: string) => void,
  ): Promise<NativeTemplate>;
  /**
   * A source as its template loaded it: kept from an earlier time, or loaded now by `load`. The templates own it: the
   * oldest ones beyond some are disposed of.
   */
  loaded(template: NativeTemplate, source: string, load: () => Promise<NativeSource>): Promise<LoadedHandler>;
  /** Ends what is being made and lets all loaded sources go. */
  close(): Promise<void>;
}

/** Makes the owner; nothing is read or made yet. */
export function createEngineTemplates(options: EngineTemplatesOptions): EngineTemplates {
  return new Templates(options);
}

class Templates implements EngineTemplates {
  readonly native: NativeBuilding;
  readonly #options: EngineTemplatesOptions;
  readonly #root: string;
  readonly #tools: ToolVersions;
  readonly #closing = new AbortController();
  readonly #opened = new Map<string, Opening>();
  readonly #sources = new Map<string, LoadedHandler>();

  constructor(options: EngineTemplatesOptions) {
    this.#options = options;
    this.native = options.native;
    this.#root = path.join(options.cacheDir, 'engine-template');
    this.#tools = new ToolVersions(options.toolchain.modulesDir);
  }

  keyOf(wit: string, kind: BuildKind): Promise<string> {
    return templateKey(wit, kind, this.#tools, this.native.builder.version);
  }

  async get(
    wit: string,
    kind: BuildKind,
    signal: AbortSignal,
    onProgress: (line: string) => void,
  ): Promise<NativeTemplate> {
    const key = await this.keyOf(wit, kind);
    const opening = this.#opened.get(key) ?? this.#open(key, wit, kind);
    opening.listeners.add(onProgress);
    try {
      return await untilAborted(opening.template, signal);
    } finally {
      opening.listeners.delete(onProgress);
    }
  }

  #open(key: string, wit: string, kind: BuildKind): Opening {
    const listeners: Opening['listeners'] = new Set();
    const tell = (line: string): void => {
      for (const listener of listeners) listener(line);
    };
    const opening = { template: this.#openOrMake(key, wit, kind, tell), listeners };
    this.#opened.set(key, opening);
    // Whoever asks next tries again.
    opening.template.catch(() => this.#opened.delete(key));
    return opening;
  }

  async #openOrMake(
    key: string,
    wit: string,
    kind: BuildKind,
    tell: (line: string) => void,
  ): Promise<NativeTemplate> {
    const { builder } = this.native;
    const folder = path.join(this.#root, key);
    const { toolchain, worker, prepared } = this.#options;
    await mkdir(this.#root, { recursive: true });
    const isThere =
      (await isFolder(folder)) ||
      (prepared !== undefined && (await placePrepared(path.join(prepared, key), folder)));
    if (isThere) {
      try {
        const template = await builder.openTemplate(folder);
        await touch(folder);
        await prune(this.#root, key);
        return template;
      } catch (error) {
        if (!isUnusable(error)) throw error;
        tell(`The engine template is made again: ${error.message}`);
        await rm(folder, { recursive: true, force: true });
      }
    }
    const { signal } = this.#closing;
    await makeTemplate({
      root: this.#root,
      key,
      wit,
      kind,
      toolchain,
      worker,
      builder,
      signal,
      onProgress: tell,
    });
    await prune(this.#root, key);
    tell('Compiling the engine');
    return await builder.openTemplate(folder);
  }

  async loaded(
    template: NativeTemplate,
    text: string,
    load: () => Promise<NativeSource>,
  ): Promise<LoadedHandler> {
    const key = hashParts([template.key, text]);
    const handler = this.#sources.get(key) ?? { template, source: await load() };
    const known = this.#sources.get(key);
    // Another build of the same source was faster.
    if (known && known !== handler) handler.source.dispose();
    this.#sources.delete(key);
    this.#sources.set(key, known ?? handler);
    for (const [oldest, { source }] of this.#sources) {
      if (this.#sources.size <= KEPT_SOURCES) break;
      this.#sources.delete(oldest);
      source.dispose();
    }
    return known ?? handler;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('The workbench is closing.'));
    const openings = [...this.#opened.values()].map(({ template }) => template);
    await Promise.allSettled(openings);
    for (const { source } of this.#sources.values()) source.dispose();
    this.#sources.clear();
  }
}

interface Opening {
  readonly template: Promise<NativeTemplate>;
  readonly listeners: Set<(line: string) => void>;
}

function isUnusable(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return ['template.damaged', 'template.missing', 'template.invalid'].includes(String(error.code));
}

/** Marks a template as just used. */
async function touch(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now);
}

/**
 * Removes the templates beyond some that were not used for longest, and those that nothing has used for a month: an
 * older workbench made them. What another process has open stays where it is mapped.
 */
async function prune(root: string, keep: string): Promise<void> {
  const names = (await readdir(root)).filter(name => !name.startsWith('.') && name !== keep);
  const aged = await Promise.all(
    names.map(async name => ({
      name,
      at: (await stat(path.join(root, name)).catch(ignoreMissing))?.mtimeMs ?? 0,
    })),
  );
  aged.sort((a, b) => b.at - a.at);
  const oldest = Date.now() - UNUSED_MS;
  for (const [place, { name, at }] of aged.entries()) {
    if (place < KEPT_TEMPLATES - 1 && at > oldest) continue;
    await rm(path.join(root, name), { recursive: true, force: true });
  }
}
