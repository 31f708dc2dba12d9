// npm test: sets up what is missing, then runs every check and every test, and ends with one line of counts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runInDesktopSession } from './lib/desktop-session.mjs';
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
  dependencies: [node, [path.join(root, 'scripts/checks/dependencies.ts')]],
  rustfmt: cargo('fmt', '--all', '--check'),
  clippy: cargo('clippy', '--release', '--all-targets', '--locked', '--quiet', '--', '-D', 'warnings'),
  'native tests': cargo('test', '--release', '--locked', '--quiet'),
};
/** One after the other: windows and browsers get the machine for themselves. */
const projects = ['unit', 'integration', 'e2e'];
const vitest = (project, report) => [
  path.join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--project',
  project,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
];

async function check(name, work) {
  const started = performance.now();
  say(`\n▸ ${name}`);
  const status = await work();
  say(`  ${status === 0 ? 'good' : 'FAILED'} after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (status !== 0) failed.push(name);
}

const failed = [];
const counts = { passed: 0, failed: 0 };
try {
  for (const [name, command] of Object.entries(checks)) await check(name, () => run(...command));
  const env = { ...process.env, XWB_ELECTRON: electron.command, XWB_NO_GPU: '1' };
  for (const project of projects) {
    const report = path.join(work, `${project}.json`);
    await check(`${project} tests`, () => runInDesktopSession(node, vitest(project, report), env));
    const result = JSON.parse(readFileSync(report, 'utf8'));
    if (result.numPassedTests === 0) failed.push(`${project} tests (none ran)`);
    counts.passed += result.numPassedTests;
    counts.failed += result.numFailedTests;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (failed.length > 0) say(`\nFailed: ${failed.join(', ')}`);
say(`Electron runtime: ${electron.fallback ? 'fallback' : 'official'} (${electron.command})`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(failed.length > 0 ? 1 : 0);
