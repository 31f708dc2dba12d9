// npm run screenshots: see screenshots.ts.
import path from 'node:path';
import { runInDesktopSession } from './lib/desktop-session.mjs';
import { modernNode, root } from './lib/paths.mjs';
import { electronRuntime } from './setup/electron.mjs';
import { setUp } from './setup/index.mjs';
import { testPackages } from './setup/system.mjs';

if (!(await testPackages())) process.exit(1);
await setUp();
const { command } = await electronRuntime();
const env = { ...process.env, XWB_ELECTRON: command, XWB_NO_GPU: '1' };
process.exit(
  await runInDesktopSession(
    modernNode(),
    [path.join(root, 'scripts/screenshots.ts'), ...process.argv.slice(2)],
    env,
  ),
);
