// A desktop session for tests on Debian: a bus and an unlocked keychain of its own, and a screen that nobody sees.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from './run.mjs';

/** Runs a command inside such a session; the keychain lives in a folder of its own and is gone afterwards. */
export async function runInDesktopSession(command, args, env, { stdout } = {}) {
  if (process.platform !== 'linux') return run(command, args, { env, stdout });
  const home = mkdtempSync(path.join(tmpdir(), 'xwb-session-'));
  const script = `
    printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
    exec xvfb-run --auto-servernum --server-args='-screen 0 2560x1440x24' "$@"`;
  try {
    return await run('dbus-run-session', ['--', 'sh', '-c', script, 'sh', command, ...args], {
      stdout,
      env: {
        ...env,
        XDG_DATA_HOME: path.join(home, 'data'),
        XDG_RUNTIME_DIR: home,
        GNOME_KEYRING_CONTROL: '',
      },
    });
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
