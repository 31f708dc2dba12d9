import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { BuildKind } from '../../../contract/index.ts';
import { hashParts } from '../files.ts';
import { WORLD_NAME } from '../world.ts';
import { featuresLeftOut } from './kinds.ts';

/** Changes whenever what this room does to make a template does. */
const FORMAT = 'engine-template-2';

/** The packages whose code makes a template. */
const TOOLS = ['@bytecodealliance/componentize-js', '@bytecodealliance/jco'];

const Package = z.object({ version: z.string() });

/**
 * Names the template for a world: lowercase hex over the WIT, the world, the engine features left out, the versions of
 * the tools and that of the native builder.
 */
export async function templateKey(
  wit: string,
  kind: BuildKind,
  tools: ToolVersions,
  builderVersion: string,
): Promise<string> {
  const versions = await tools.read();
  return hashParts([FORMAT, builderVersion, ...versions, WORLD_NAME, ...featuresLeftOut(kind), wit]);
}

/** The versions of the tools on disk. A file that is as it was is not read again: each save asks for them. */
export class ToolVersions {
  readonly #files: readonly string[];
  readonly #known = new Map<string, { readonly stamp: string; readonly version: string }>();

  /** @param modulesDir the `node_modules` folder that has the tools */
  constructor(modulesDir: string) {
    this.#files = TOOLS.map(name => path.join(modulesDir, name, 'package.json'));
  }

  /** In a fixed order. */
  read(): Promise<readonly string[]> {
    return Promise.all(this.#files.map(file => this.#versionOf(file)));
  }

  async #versionOf(file: string): Promise<string> {
    const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    const stamp = [ino, size, mtimeNs, ctimeNs].join();
    const known = this.#known.get(file);
    if (known?.stamp === stamp) return known.version;
    const { version } = Package.parse(JSON.parse(await readFile(file, 'utf8')));
    this.#known.set(file, { stamp, version });
    return version;
  }
}
