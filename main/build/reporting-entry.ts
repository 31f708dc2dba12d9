import path from 'node:path';
import { build, type Plugin } from 'esbuild';

const AUTHOR = 'author:handler';

/**
 * The module that stands around the author's: an uncaught error is logged, with its stack, before it goes on. The
 * platform itself says nothing of it: the guest traps, and the caller gets an empty 500 (spec/alga-platform.md 3.6, 6.4).
 */
const SOURCE = `
import { logError } from 'alga:extension/logging';
import * as author from '${AUTHOR}';
export async function handler(request) {
  try {
    return await author.handler(request);
  } catch (error) {
    logError(error instanceof Error ? \`Uncaught \${error}\\n\${error.stack ?? ''}\` : \`Uncaught \${String(error)}\`);
    throw error;
  }
}`;

/** Puts the reporting module around a bundled handler; the map still leads to the author's files. */
export async function withReporting(
  folder: string,
  outFile: string,
  bundled: { readonly js: string; readonly map: string },
): Promise<{ readonly js: Uint8Array; readonly map: Uint8Array }> {
  const inline = Buffer.from(bundled.map).toString('base64');
  const contents = `${bundled.js}\n//# sourceMappingURL=data:application/json;base64,${inline}`;
  const author: Plugin = {
    name: 'author',
    setup(esbuild) {
      esbuild.onResolve({ filter: /^author:handler$/ }, () => ({
        path: path.basename(outFile),
        namespace: 'author',
      }));
      esbuild.onLoad({ filter: /.*/, namespace: 'author' }, () => ({
        contents,
        loader: 'js',
        resolveDir: folder,
      }));
    },
  };
  const result = await build({
    absWorkingDir: folder,
    stdin: { contents: SOURCE, resolveDir: folder, sourcefile: 'report-uncaught.js' },
    outfile: outFile,
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['alga:*'],
    minifyWhitespace: true,
    lineLimit: 200,
    legalComments: 'none',
    sourcemap: 'external',
    plugins: [author],
    logLevel: 'silent',
  });
  const [map, js] = result.outputFiles;
  if (!js || !map) throw new Error('esbuild made no module.');
  return { js: js.contents, map: map.contents };
}
