// npm run bench -- <name> [--json]: sets up what is missing, then runs a bench of bench/ on Node 24.
import path from 'node:path';
import { modernNode, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { setUp } from './setup/index.mjs';

await setUp();
process.exit(
  await run(modernNode(), [path.join(root, 'bench/index.ts'), ...process.argv.slice(2)], {
    stdout: 'inherit',
  }),
);
