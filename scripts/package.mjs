// npm run package: makes installers, with the official Electron runtime only.
import path from 'node:path';
import { modernNode, root } from './lib/paths.mjs';
import { runOrExit, say } from './lib/run.mjs';
import { electronRuntime } from './setup/electron.mjs';
import { setUp } from './setup/index.mjs';

await setUp();
if ((await electronRuntime()).fallback) {
  say(
    'Refused: only the official Electron runtime is packaged, and it could not be downloaded. Try again with network access.',
  );
  process.exit(1);
}
await runOrExit('Packaging', modernNode(), [
  path.join(root, 'node_modules/electron-builder/out/cli/cli.js'),
  '--publish',
  'never',
  ...process.argv.slice(2),
]);
