// npm run test:full: what npm test does with a few hostile guests, with a thousand of each; takes some minutes.
import path from 'node:path';
import { modernNode, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { setUp } from './setup/index.mjs';

await setUp();
const env = { ...process.env, XWB_HOSTILE_RUNS: process.env.XWB_HOSTILE_RUNS ?? '1000' };
const native = await run('cargo', ['test', '--release', '--locked', '--quiet', 'hostile'], {
  cwd: path.join(root, 'native'),
  env,
});
const guests = await run(modernNode(), [path.join(root, 'bench/index.ts'), 'hostile'], {
  stdout: 'inherit',
  env,
});
process.exit(native === 0 && guests === 0 ? 0 : 1);
