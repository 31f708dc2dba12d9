// npm test: sets up what is missing, then runs every check and every test, and ends with one line of counts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { modernNode, root } from './lib/paths.mjs';
import { run, say } from './lib/run.mjs';
import { electronRuntime } from './setup/electron.mjs';
import { setUp } from './setup/index.mjs';
import { testPackages } from './setup/system.mjs';

if (!(await testPackages())) process.exit(1);
await setUp();
const electron = await electronRuntime();
const node = modernNode();
const work = mkdtempSync(path.join(tmpdir(), 'xwb-test-'));
const report = path.join(work, 'vitest.json');
const tool = (file, ...args) => [node, [path.join(root, 'node_modules', file), ...args]];
const cargo = (...args) => ['cargo', args, { cwd: path.join(root, 'native') }];

const checks = {
  formatting: tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  types: tool('typescript/bin/tsc', '--noEmit'),
  lint: tool('eslint/bin/eslint.js', '.', '--max-warnings', '0'),
  rooms: tool(
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config',
    '.dependency-cruiser.js',
    'contract',
    'main',
    'preload',
    'renderer',
  ),
  rustfmt: cargo('fmt', '--all', '--check'),
  clippy: cargo('clippy', '--release', '--all-targets', '--locked', '--quiet', '--', '-D', 'warnings'),
  'native tests': cargo('test', '--release', '--locked', '--quiet'),
  tests: [
    'dbus-run-session',
    [
      '--',
      'xvfb-run',
      '--auto-servernum',
      '--server-args=-screen 0 1920x1080x24',
      node,
      path.join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { env: { ...process.env, XWB_ELECTRON: electron.command, XWB_NO_GPU: '1' } },
  ],
};

// Without Debian's wrappers the tests run on the display and session bus that are there.
if (process.platform !== 'linux') checks.tests = [node, checks.tests[1].slice(4), checks.tests[2]];

const failed = [];
let counts = { passed: 0, failed: 0 };
try {
  for (const [name, [command, args, options]] of Object.entries(checks)) {
    const started = performance.now();
    say(`\n▸ ${name}`);
    const status = await run(command, args, options);
    say(`  ${status === 0 ? 'good' : 'FAILED'} after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    if (status !== 0) failed.push(name);
  }
  const result = JSON.parse(readFileSync(report, 'utf8'));
  counts = { passed: result.numPassedTests, failed: result.numFailedTests };
  if (counts.passed === 0) failed.push('tests (none ran)');
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (failed.length > 0) say(`\nFailed: ${failed.join(', ')}`);
say(`Electron runtime: ${electron.fallback ? 'fallback' : 'official'} (${electron.command})`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(failed.length > 0 ? 1 : 0);
