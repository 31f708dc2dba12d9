import path from 'node:path';
import { z } from 'zod';

const SourceMapText = z.looseObject({
  sources: z.array(z.string()),
  sourcesContent: z.array(z.string().nullable()).default([]),
});

/**
 * A source map whose sources name nothing of this machine: files of the project relative to it, files of packages
 * from their `node_modules` on. The same project in two folders gets the same map. The text of packages is left out:
 * it would be most of the bundle.
 *
 * @param mapText the map as written into `mapFolder`
 */
export function portableMap(mapText: string, folder: string, mapFolder: string): string {
  const map = SourceMapText.parse(JSON.parse(mapText));
  const sources = map.sources.map(source => portable(folder, path.resolve(mapFolder, source)));
  const sourcesContent = map.sourcesContent.map((text, index) =>
    sources[index]?.startsWith('node_modules/') === true ? null : text,
  );
  return JSON.stringify({ ...map, sources, sourcesContent });
}

function portable(folder: string, file: string): string {
  const relative = path.relative(folder, file).split(path.sep).join('/');
  const packages = relative.lastIndexOf('node_modules/');
  if (packages !== -1) return relative.slice(packages);
  return relative.startsWith('../') || path.isAbsolute(relative) ? path.basename(file) : relative;
}
