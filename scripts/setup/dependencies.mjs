import { hashOf, isFresh, markFresh } from '../lib/stamp.mjs';
import { runOrExit, step } from '../lib/run.mjs';

/** Installs exactly the locked packages. No package's install script is run: none of ours needs one. */
export async function installDependencies() {
  const hash = hashOf(['package.json', 'package-lock.json', '.npmrc']);
  if (isFresh('dependencies', hash)) return;
  await step('Installing npm packages (once; about a minute)', () =>
    runOrExit('Installing packages', process.platform === 'win32' ? 'npm.cmd' : 'npm', [
      'ci',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]),
  );
  markFresh('dependencies', hash);
}
