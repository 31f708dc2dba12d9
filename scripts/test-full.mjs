// npm run test:full: what npm test does with a few hostile guests, with a thousand of each; all sources built by the
// official tool too, not twenty; five hundred bursts of saves. Takes over an hour the first time.
import path from 'node:path';
import { modernNode, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { setUp } from './setup/index.mjs';

await setUp();
const env = { ...process.env, XWB_FULL: '1', XWB_HOSTILE_RUNS: process.env.XWB_HOSTILE_RUNS ?? '1000' };
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
const tests = (project, files) => [
  modernNode(),
  [vitest, 'run', '--project', project, '--reporter=verbose', files],
];
const parts = [
  ['cargo', ['test', '--release', '--locked', '--quiet', 'hostile'], { cwd: path.join(root, 'native') }],
  [modernNode(), [path.join(root, 'bench/index.ts'), 'hostile']],
  tests('integration', 'tests/integration/save-loop.test.ts'),
  tests('unit', 'main/build/engine-template/differential'),
];
let failed = 0;
for (const [command, args, options] of parts) {
  failed += (await run(command, args, { ...options, stdout: 'inherit', env })) === 0 ? 0 : 1;
}
process.exit(failed === 0 ? 0 : 1);
