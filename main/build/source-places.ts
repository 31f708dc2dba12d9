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

/** A place in the source that a bundle was made of: the file relative to the project, line and column 1-based. */
export interface SourcePlace extends BundlePlace {
  readonly file: string;
}

/** Finds where a place of a bundle comes from; nothing when the bundler itself made it. */
export type FindSource = (place: BundlePlace) => SourcePlace | undefined;

const Payload = z.object({
  version: z.number(),
  file: z.string().default(''),
  sources: z.array(z.string()),
  sourcesContent: z.array(z.string()).default([]),
  names: z.array(z.string()),
  mappings: z.string(),
  sourceRoot: z.string().default(''),
});

/** Opens a bundle's source map, whose sources are relative to the project; it is decoded at the first question. */
export function openSourceMap(text: string): FindSource {
  let map: SourceMap | undefined;
  return ({ line, column }) => {
    map ??= new SourceMap(Payload.parse(JSON.parse(text)));
    const entry = map.findEntry(line - 1, column - 1);
    // Beyond its end the map gives the last thing it knows.
    if (!('originalSource' in entry) || entry.generatedLine !== line - 1) return undefined;
    return { file: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  };
}

/**
 * The first of some places of a bundle that lies in the author's own source, with its frame; packages are passed
 * over. Nothing when none does.
 */
export async function authorPlace(
  folder: string,
  map: string,
  places: readonly BundlePlace[],
): Promise<Pick<Problem, 'file' | 'line' | 'column' | 'frame'>> {
  const find = openSourceMap(map);
  for (const place of places) {
    const source = find(place);
    if (!source || !isAuthors(source)) continue;
    const { file, line, column } = source;
    const text = await readIfThere(path.join(folder, file));
    return { file, line, column, ...(text !== undefined && { frame: sourceFrame(text, line, column) }) };
  }
  return {};
}

/** Whether a place is in the project itself, not in a package. */
function isAuthors({ file }: SourcePlace): boolean {
  return isInside(file) && !file.startsWith('node_modules/');
}
