import { hashOf, isFresh, markFresh } from '../lib/stamp.mjs';
import { runOrExit, step } from '../lib/run.mjs';

/**
 * Installs the locked packages. No package's install script is run: none of ours needs one.
 * Not `npm ci`: npm 11 refuses a lock file that lacks a platform package some registry mirror does not hold, even when
 * that platform is another one. `--no-save` keeps the lock file as it is, so the versions are the locked ones all the same.
 */
export async function installDependencies() {
  const hash = hashOf(['package.json', 'package-lock.json', '.npmrc']);
  if (isFresh('dependencies', hash)) return;
  await step('Installing npm packages (once; about a minute)', () =>
    runOrExit('Installing packages', process.platform === 'win32' ? 'npm.cmd' : 'npm', [
      'install',
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]),
  );
  markFresh('dependencies', hash);
}
