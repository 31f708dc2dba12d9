// npm run bench -- <name> [--json]: sets up what is missing, then runs a bench of bench/ on Node 24; the build's opens a
// window, on a screen that nobody sees.
import path from 'node:path';
import { runInDesktopSession } from './lib/desktop-session.mjs';
import { modernNode, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { electronRuntime } from './setup/electron.mjs';
import { setUp } from './setup/index.mjs';
import { testPackages } from './setup/system.mjs';

const args = process.argv.slice(2);
const bench = [path.join(root, 'bench/index.ts'), ...args];
const opensWindow = args.includes('build');
if (opensWindow && !(await testPackages())) process.exit(1);
await setUp();
process.exit(opensWindow ? await inSession() : await run(modernNode(), bench, { stdout: 'inherit' }));

async function inSession() {
  const { command } = await electronRuntime();
  const env = { ...process.env, XWB_ELECTRON: command };
  return await runInDesktopSession(modernNode(), bench, env, { stdout: 'inherit' });
}
