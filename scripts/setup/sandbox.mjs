import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { say } from '../lib/run.mjs';

/** Settings that take user namespaces from ordinary users: the value that does, and the one that gives them back. */
const SETTINGS = [
  { name: 'kernel.unprivileged_userns_clone', off: '0', on: '1' },
  { name: 'kernel.apparmor_restrict_unprivileged_userns', off: '1', on: '0' },
  { name: 'user.max_user_namespaces', off: '0', on: '15000' },
];

/**
 * Can Chromium build its sandbox for this user? It needs user namespaces, or its helper beside the runtime owned by
 * root with mode 4755. Without either it would end at once; the exact commands that mend it are printed instead.
 */
export function sandboxReady(command) {
  if (process.platform !== 'linux' || process.getuid() === 0) return true;
  const helper = path.join(path.dirname(command), 'chrome-sandbox');
  if (isRootsHelper(helper) || hasUserNamespaces()) return true;
  const ways = [
    `sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`,
    ...SETTINGS.filter(({ name, off }) => valueOf(name) === off).map(
      ({ name, on }) => `sudo sysctl -w ${name}=${on}`,
    ),
  ];
  say(
    `! Chromium's sandbox cannot start: this system gives your user no user namespaces. Allow it in one of these ways and run npm start again:\n${ways.map(way => `    ${way}`).join('\n')}`,
  );
  return false;
}

function isRootsHelper(file) {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && found.uid === 0 && (found.mode & 0o4001) === 0o4001;
}

/** Makes one as Chromium does: with the user mapped, which is where restricted systems refuse. */
function hasUserNamespaces() {
  return spawnSync('unshare', ['--user', '--map-root-user', 'true'], { stdio: 'ignore' }).status === 0;
}

function valueOf(setting) {
  try {
    return readFileSync(`/proc/sys/${setting.replaceAll('.', '/')}`, 'utf8').trim();
  } catch {
    // Not every kernel has every setting.
    return undefined;
  }
}
