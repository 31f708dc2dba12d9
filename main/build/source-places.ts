import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { sourceFrame, type Problem } from '../../contract/index.ts';
import { isInside, readIfThere } from './files.ts';

/** A place in a bundled module, both 1-based. */
export interface BundlePlace {
  readonly line: number;
  readonly column: number;
}

const Payload = z.object({
  version: z.number(),
  file: z.string().default(''),
  sources: z.array(z.string()),
  sourcesContent: z.array(z.string()).default([]),
  names: z.array(z.string()),
  mappings: z.string(),
  sourceRoot: z.string().default(''),
});

/**
 * The first of some places of a bundle that lies in the author's own source, with its frame; packages are passed
 * over. Nothing when none does.
 *
 * @param mapFile source map of the bundle, its sources relative to `folder`
 */
export async function authorPlace(
  folder: string,
  mapFile: string,
  places: readonly BundlePlace[],
): Promise<Pick<Problem, 'file' | 'line' | 'column' | 'frame'>> {
  const map = new SourceMap(Payload.parse(JSON.parse(await readFile(mapFile, 'utf8'))));
  for (const place of places) {
    const entry = map.findEntry(place.line - 1, place.column - 1);
    if (!('originalSource' in entry)) continue;
    const { originalSource: file, originalLine, originalColumn } = entry;
    if (!isInside(file) || file.startsWith('node_modules/')) continue;
    const line = originalLine + 1;
    const column = originalColumn + 1;
    const text = await readIfThere(path.join(folder, file));
    return { file, line, column, ...(text !== undefined && { frame: sourceFrame(text, line, column) }) };
  }
  return {};
}
