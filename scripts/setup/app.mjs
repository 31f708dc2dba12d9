import path from 'node:path';
import { modernNode, root } from '../lib/paths.mjs';
import { runOrExit, step } from '../lib/run.mjs';
import { hashOf, isFresh, markFresh } from '../lib/stamp.mjs';

/** Builds main process, command line, preload and both pages into out/. */
export async function buildApp() {
  const hash = hashOf([
    'contract',
    'main',
    'preload',
    'renderer',
    'electron.vite.config.ts',
    'package-lock.json',
  ]);
  if (isFresh('app', hash)) return;
  await step('Building the application', () =>
    runOrExit('Building the application', modernNode(), [
      path.join(root, 'node_modules/electron-vite/bin/electron-vite.js'),
      'build',
      '--logLevel',
      'warn',
    ]),
  );
  markFresh('app', hash);
}
