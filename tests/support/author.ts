import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createFromTemplate, resourcesAt } from '../../main/services/index.ts';
import type { Random } from './random.ts';
import { root } from './workbench.ts';

const PARTS = ['handler', 'lib', 'page', 'manifest'] as const;
export type Part = (typeof PARTS)[number];
/** How often each part of the project was saved. */
export type Revisions = Readonly<Record<Part, number>>;

const FILES: Record<Part, string> = {
  handler: 'src/handler.ts',
  lib: 'src/lib.ts',
  page: 'ui/index.html',
  manifest: 'manifest.json',
};

/** An author in a hurry never waits longer between two files of one burst. Milliseconds. */
const LONGEST_GAP_MS = 15;

/** Writes an extension in which the revision of every part can be told from outside, and saves it again and again. */
export class Author {
  readonly folder: string;
  readonly #page: string;
  readonly #manifest: Manifest;
  readonly #newest: Record<Part, number> = { handler: 0, lib: 0, page: 0, manifest: 0 };

  private constructor(folder: string, page: string, manifest: Manifest) {
    this.folder = folder;
    this.#page = page;
    this.#manifest = manifest;
  }

  /** Starts in a new folder from the template with a page and a handler. */
  static async begin(folder: string): Promise<Author> {
    const { templatesDir } = resourcesAt(root);
    await createFromTemplate({ templatesDir, templateId: 'ui-handler', folder });
    const read = (part: Part): Promise<string> => readFile(path.join(folder, FILES[part]), 'utf8');
    const author = new Author(folder, await read('page'), JSON.parse(await read('manifest')) as Manifest);
    for (const part of PARTS) await author.save(part);
    return author;
  }

  /** What is on disk. */
  get newest(): Revisions {
    return { ...this.#newest };
  }

  /** Saves a new revision of one file: by writing, or as some editors do it, by renaming. */
  async save(part: Part, byRenaming = false): Promise<void> {
    const file = path.join(this.folder, FILES[part]);
    const text = this.#textOf(part, ++this.#newest[part]);
    if (!byRenaming) {
      await writeFile(file, text);
      return;
    }
    const beside = path.join(path.dirname(file), `.${path.basename(file)}.saving`);
    await writeFile(beside, text);
    await rename(beside, file);
  }

  /** Saves one to four files, some more than once; resolves to their number. */
  async burst(random: Random): Promise<number> {
    const saves = random.between(1, 4);
    for (let save = 0; save < saves; save++) {
      if (save > 0) await delay(random.between(0, LONGEST_GAP_MS));
      await this.save(random.pick(PARTS), random.pick([true, false]));
    }
    return saves;
  }

  #textOf(part: Part, revision: number): string {
    switch (part) {
      case 'handler':
        return handlerOf(revision);
      case 'lib':
        return `export const lib: number = ${revision};\n`;
      case 'page':
        return `${this.#page}\n${pageMark(revision)}\n`;
      case 'manifest':
        return JSON.stringify(withEndpoint(this.#manifest, manifestPath(revision)), undefined, 2);
    }
  }
}

/** The endpoint that only this revision of the manifest has. */
export function manifestPath(revision: number): string {
  return `/api/manifest/${revision}`;
}

/** What only this revision of the page contains. */
export function pageMark(revision: number): string {
  return `<!-- page ${revision} -->`;
}

const handlerOf = (revision: number): string => `import { lib } from './lib.ts';
export function handler() {
  const body = new TextEncoder().encode(JSON.stringify({ handler: ${revision}, lib }));
  return { status: 200, headers: [{ name: 'content-type', value: 'application/json' }], body };
}
`;

interface Manifest {
  readonly api: { readonly endpoints: readonly object[] };
}

function withEndpoint(manifest: Manifest, address: string): Manifest {
  const endpoint = { method: 'GET', path: address, handler: 'handler' };
  return { ...manifest, api: { ...manifest.api, endpoints: [...manifest.api.endpoints, endpoint] } };
}
