// npm start: sets up what is missing, then opens the window; without a display it serves the preview for a browser.
import path from 'node:path';
import { modernNode, root } from './lib/paths.mjs';
import { run, say } from './lib/run.mjs';
import { electronRuntime } from './setup/electron.mjs';
import { setUp } from './setup/index.mjs';
import { sandboxReady } from './setup/sandbox.mjs';
import { electronLibraries } from './setup/system.mjs';

await setUp();
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
process.exit(hasDisplay ? await openWindow() : await serveHeadless());

async function openWindow() {
  if (!(await electronLibraries())) return 1;
  const { command, fallback } = await electronRuntime();
  if (!sandboxReady(command)) return 1;
  const args = [root, ...process.argv.slice(2)];
  if (process.platform === 'linux' && process.getuid() === 0) {
    say(
      '! Running as root: Chromium cannot use its sandbox here, so it is off (--no-sandbox). Run as an ordinary user to keep it on.',
    );
    args.unshift('--no-sandbox');
  }
  return run(command, args, { env: { ...process.env, ...(fallback && { XWB_FALLBACK_RUNTIME: '1' }) } });
}

async function serveHeadless() {
  say('No display found (DISPLAY and WAYLAND_DISPLAY are not set): going on without a window.');
  return run(
    modernNode(),
    [path.join(root, 'out/main/cli.js'), 'serve', '--last-or-new', ...process.argv.slice(2)],
    { stdout: 'inherit' },
  );
}
