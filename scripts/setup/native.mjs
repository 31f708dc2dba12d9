import { existsSync } from 'node:fs';
import path from 'node:path';
import { modernNode, root } from '../lib/paths.mjs';
import { runOrExit, step } from '../lib/run.mjs';
import { hashOf, isFresh, markFresh } from '../lib/stamp.mjs';

export const addon = path.join(root, 'native', 'binding', 'xwb-native.node');

/** Builds the Wasmtime addon in release mode; cargo shows its own progress. */
export async function buildNative() {
  const hash = hashOf(['native', 'wit']);
  if (isFresh('native', hash) && existsSync(addon)) return;
  await step('Building the native runner (Wasmtime; the first time takes up to ten minutes)', () =>
    runOrExit(
      'Building the native runner',
      modernNode(),
      [
        path.join(root, 'node_modules/@napi-rs/cli/dist/cli.js'),
        'build',
        '--release',
        '--no-js',
        '--dts',
        'index.d.ts',
        // The whole workspace: one package alone gets other features, and Wasmtime is compiled again for the tests.
        '--',
        '--workspace',
      ],
      { cwd: path.join(root, 'native', 'binding') },
    ),
  );
  markFresh('native', hash);
}
