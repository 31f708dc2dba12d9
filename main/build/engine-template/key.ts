import { readFile } from 'node:fs/promises';
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
 *
 * @param modulesDir the `node_modules` folder that has the tools
 */
export async function templateKey(
  wit: string,
  kind: BuildKind,
  modulesDir: string,
  builderVersion: string,
): Promise<string> {
  const versions = await Promise.all(TOOLS.map(name => versionOf(modulesDir, name)));
  return hashParts([FORMAT, builderVersion, ...versions, WORLD_NAME, ...featuresLeftOut(kind), wit]);
}

async function versionOf(modulesDir: string, name: string): Promise<string> {
  const text = await readFile(path.join(modulesDir, name, 'package.json'), 'utf8');
  return Package.parse(JSON.parse(text)).version;
}
