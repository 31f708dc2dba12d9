import { spawnSync } from 'node:child_process';
import { runOrExit, say, step } from '../lib/run.mjs';

/** What Electron's binary links against. */
const ELECTRON = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libatk-bridge2.0-0',
  'libcups2',
];
/** A display, a keychain, a browser and a font for the end-to-end tests. */
const TESTS = [
  ...ELECTRON,
  'xvfb',
  'xauth',
  'dbus-x11',
  'gnome-keyring',
  'libsecret-1-0',
  'chromium',
  'fonts-liberation',
  'zstd',
];

const installed = name =>
  spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' }).stdout?.includes(
    'install ok installed',
  );
const isDebian = () => process.platform === 'linux' && spawnSync('dpkg-query', ['--version']).status === 0;

/** System libraries for the window; as root on Debian they are installed, otherwise the exact command is printed. */
export const electronLibraries = () => ensure('the window', ELECTRON);
/** System packages for the whole test run. */
export const testPackages = () => ensure('the tests', TESTS);

async function ensure(purpose, names) {
  if (!isDebian()) return true;
  const missing = names.filter(name => !installed(name));
  if (missing.length === 0) return true;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    say(
      `! System packages for ${purpose} are missing. Install them with:\n    sudo apt-get update && sudo ${command}`,
    );
    return false;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step(`Installing system packages for ${purpose}: ${missing.join(' ')}`, async () => {
    await runOrExit('apt-get update', 'apt-get', ['update', '-qq'], { env });
    await runOrExit('apt-get install', 'apt-get', command.split(' ').slice(1).concat('-qq'), { env });
  });
  return true;
}
