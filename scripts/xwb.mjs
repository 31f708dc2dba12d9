// npm run -s xwb -- <command>: sets up what is missing, then runs the command line on Node 24.
import path from 'node:path';
import { modernNode, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { setUp } from './setup/index.mjs';

await setUp();
process.exit(
  await run(modernNode(), [path.join(root, 'out/main/cli.js'), ...process.argv.slice(2)], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    stdout: 'inherit',
    stdin: 'inherit',
  }),
);
