// npm run bench -- <name> [--json]: sets up what is missing, then runs a bench of bench/: the runner's in Electron's main
// process, where runs belong, the others on Node 24; the build's opens a window, on a screen that nobody sees.
import path from 'node:path';
import { runInDesktopSession } from './lib/desktop-session.mjs';
import { modernNode, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { electronRuntime } from './setup/electron.mjs';
import { setUp } from './setup/index.mjs';
import { testPackages } from './setup/system.mjs';

const args = process.argv.slice(2);
const bench = [path.join(root, 'bench/index.ts'), ...args];
const [name = 'runner'] = args.filter(argument => !argument.startsWith('--'));
const inSession = ['runner', 'build'].includes(name);
if (inSession && !(await testPackages())) process.exit(1);
await setUp();
process.exit(inSession ? await session() : await run(modernNode(), bench, { stdout: 'inherit' }));

async function session() {
  const { command } = await electronRuntime();
  const env = { ...process.env, XWB_ELECTRON: command };
  const stdout = 'inherit';
  if (name === 'build') return await runInDesktopSession(modernNode(), bench, env, { stdout });
  // Chromium refuses to start with its sandbox as root.
  if (process.getuid?.() === 0) env.ELECTRON_DISABLE_SANDBOX = '1';
  return await runInDesktopSession(command, [path.join(root, 'bench/electron'), ...args], env, { stdout });
}
